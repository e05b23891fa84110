using System.Net;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A request as the RBAC filter sees it: the path normalized, headers by lower-case name, addresses resolved.</summary>
internal sealed class AuthorizationInput
{
    private readonly AuthorizationRequest _request;
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    internal AuthorizationInput(AuthorizationRequest request, AuthorizationPathNormalization normalization)
    {
        _request = request;
        foreach (var (name, value) in request.Headers)
            _headers[name] = value;

        var path = request.Path is null ? null : normalization.Apply(request.Path);
        Path = path?[..PathEnd(path)];
        SetHeader(":path", path);
        SetHeader(":method", request.Method);
        SetHeader(":authority", request.Host);
        // Envoy keeps one of the two, under the name of HTTP/2.
        SetHeader("host", request.Host);
        RemoteAddress = request.RemoteAddress ?? ForwardedAddress() ?? request.SourceAddress;
    }

    internal string? Principal => _request.Principal;

    internal IPAddress? SourceAddress => _request.SourceAddress;

    internal IPAddress? RemoteAddress { get; }

    internal IPAddress? DestinationAddress => _request.DestinationAddress;

    internal int Port => _request.Port;

    internal string ServerName => _request.ServerName;

    /// <summary>The normalized path without query and fragment.</summary>
    internal string? Path { get; }

    internal string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>The texts of a claim: of a string itself, of a list each string in it. Other types match nothing.</summary>
    internal IEnumerable<string> ClaimTexts(IReadOnlyList<string> path)
    {
        JsonNode? node = _request.Claims;
        foreach (var key in path)
            node = (node as JsonObject)?[key];
        return node switch
        {
            JsonArray list => list.Select(AsText).OfType<string>(),
            _ when AsText(node) is { } text => path.Count == 1 && _request.SpaceDelimitedClaims.Contains(path[0]) ? text.Split(' ') : [text],
            _ => [],
        };
    }

    /// <summary>A claim that must be a string, such as <c>iss</c>.</summary>
    internal string? ClaimText(string name) => AsText(_request.Claims?[name]);

    private static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int PathEnd(string path) => path.IndexOfAny(['?', '#']) is var end and >= 0 ? end : path.Length;

    private void SetHeader(string name, string? value)
    {
        if (value is not null)
            _headers[name] = value;
    }

    private IPAddress? ForwardedAddress() =>
        Header("x-forwarded-for") is { } addresses
            ? AuthorizationAddressRange.TryParseAddress(addresses[(addresses.LastIndexOf(',') + 1)..].Trim())
            : null;
}
