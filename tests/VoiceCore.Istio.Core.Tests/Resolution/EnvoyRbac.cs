using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Resolution;
using YamlDotNet.Serialization;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// Evaluates Envoy RBAC filters as istiod writes them, straight from Envoy's documentation of config.rbac.v3, in a plain and slow way:
/// a second opinion that shares nothing with the product.
/// </summary>
internal sealed class EnvoyRbac
{
    private readonly List<(bool Deny, SortedDictionary<string, JsonNode> Policies)> _filters = [];

    /// <summary>Adds a filter; other filters and dry runs change nothing.</summary>
    internal void Add(string filterYaml)
    {
        var rules = ToJson(filterYaml)?["typedConfig"]?["rules"];
        if (rules is null || (string?)rules["action"] == "LOG")
            return;
        var policies = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (name, policy) in rules["policies"]?.AsObject() ?? [])
            policies[name] = policy!;
        _filters.Add(((string?)rules["action"] == "DENY", policies));
    }

    /// <summary>The decision, and the name of the policy that decided, or null.</summary>
    internal (bool Allowed, string? By) Evaluate(AuthorizationRequest request)
    {
        string? by = null;
        foreach (var (deny, policies) in _filters)
        {
            var match = policies.FirstOrDefault(policy => Policy(policy.Value, request)).Key;
            if (deny == (match is not null))
                return (false, match);
            by = match ?? by;
        }

        return (true, by);
    }

    private static bool Policy(JsonNode policy, AuthorizationRequest request) =>
        policy["permissions"]!.AsArray().Any(permission => Rule(permission!, request))
        && policy["principals"]!.AsArray().Any(principal => Rule(principal!, request));

    private static bool Rule(JsonNode node, AuthorizationRequest request)
    {
        var (kind, value) = node.AsObject().Single();
        return kind switch
        {
            "any" => true,
            "andRules" => value!["rules"]!.AsArray().All(rule => Rule(rule!, request)),
            "andIds" => value!["ids"]!.AsArray().All(rule => Rule(rule!, request)),
            "orRules" => value!["rules"]!.AsArray().Any(rule => Rule(rule!, request)),
            "orIds" => value!["ids"]!.AsArray().Any(rule => Rule(rule!, request)),
            "notRule" or "notId" => !Rule(value!, request),
            "header" => Header(value!, request),
            "urlPath" => request.Path is { } path && Text(value!["path"]!, path.Split('?')[0]),
            "uriTemplate" => request.Path is { } path && Template((string)value!["typedConfig"]!["pathTemplate"]!, path.Split('?')[0]),
            "destinationPort" => int.Parse((string)value!) == request.Port,
            "destinationIp" => Range(value!, request.DestinationAddress),
            "directRemoteIp" => Range(value!, request.SourceAddress),
            "remoteIp" => Range(value!, request.RemoteAddress ?? request.SourceAddress),
            "requestedServerName" => Text(value!, request.ServerName),
            "authenticated" => request.Principal is { } principal && Text(value!["principalName"]!, principal),
            "metadata" => Metadata(value!, request.Claims),
            _ => throw new NotSupportedException(kind),
        };
    }

    private static bool Header(JsonNode matcher, AuthorizationRequest request)
    {
        var value = (string)matcher["name"]! switch
        {
            ":authority" => request.Host,
            ":method" => request.Method,
            var name => request.Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value,
        };
        return value is not null && (matcher["presentMatch"] is not null || Text(matcher["stringMatch"]!, value));
    }

    private static bool Text(JsonNode matcher, string text)
    {
        var comparison = matcher["ignoreCase"] is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var (kind, value) = matcher.AsObject().Single(field => field.Key != "ignoreCase");
        return kind switch
        {
            "exact" => text.Equals((string)value!, comparison),
            "prefix" => text.StartsWith((string)value!, comparison),
            "suffix" => text.EndsWith((string)value!, comparison),
            "safeRegex" => Regex.IsMatch(text, $@"\A(?:{(string)value!["regex"]!})\z", RegexOptions.None, TimeSpan.FromSeconds(5)),
            _ => throw new NotSupportedException(kind),
        };
    }

    private static bool Template(string template, string path)
    {
        const string segment = "[a-zA-Z0-9-._~%!$&'()+,;:@]";
        var pattern = Regex.Escape(template).Replace(@"\*\*", "(?:" + segment + "|/)*").Replace(@"\*", segment + "+");
        return Regex.IsMatch(path, $@"\A{pattern}\z");
    }

    private static bool Range(JsonNode range, IPAddress? address) =>
        address is not null
        && new IPNetwork(IPAddress.Parse((string)range["addressPrefix"]!), int.Parse((string?)range["prefixLen"] ?? "0")).Contains(address);

    private static bool Metadata(JsonNode matcher, JsonObject? claims)
    {
        var path = matcher["path"]!.AsArray().Select(segment => (string)segment!["key"]!).ToArray();
        if ((string)matcher["filter"]! != "envoy.filters.http.jwt_authn" || path[0] != "payload")
            return false;
        JsonNode? node = claims;
        foreach (var key in path[1..])
            node = (node as JsonObject)?[key];
        return Value(matcher["value"]!, node);
    }

    private static bool Value(JsonNode matcher, JsonNode? node) =>
        matcher["orMatch"] is { } or ? or["valueMatchers"]!.AsArray().Any(each => Value(each!, node))
        : matcher["listMatch"] is { } list ? node is JsonArray array && array.Any(each => Value(list["oneOf"]!, each))
        : node is JsonValue value && value.TryGetValue<string>(out var text) && Text(matcher["stringMatch"]!, text);

    private static JsonNode? ToJson(string yaml)
    {
        var graph = new DeserializerBuilder().Build().Deserialize(new StringReader(yaml));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph!));
    }
}
