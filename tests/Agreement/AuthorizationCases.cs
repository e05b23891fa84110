using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of authorization: what becomes of requests at servers.</summary>
internal static class AuthorizationCases
{
    internal static void Compare(string line, CaseComparison comparison)
    {
        using var document = JsonDocument.Parse(line);
        comparison.CaseId = document.RootElement.GetProperty("id").GetString()!;
        var snapshot = CaseSnapshot.Read(document.RootElement);
        var resolver = new AuthorizationResolver(snapshot);
        var pods = snapshot.Pods.ToDictionary(pod => pod.Key);
        var index = 0;
        foreach (var answer in document.RootElement.GetProperty("answers").GetProperty("requests").EnumerateArray())
        {
            var server = answer.GetProperty("server").GetString()!;
            var verdict = resolver.Decide(pods[server], Request(answer.GetProperty("request")));
            var where = $"request {index++} to {server}";
            comparison.Add("decision", where, answer.GetProperty("decision").GetString(), verdict.Decision);
            if (Text(answer, "protocol") is { } protocol)
                comparison.Add("protocol", where, protocol, verdict.IsHttp == true ? "http" : "tcp");
            if (Text(answer, "by") is { } by && by.StartsWith("ns[", StringComparison.Ordinal))
                comparison.Add("deciding rule", where, by, verdict.Rule);
        }
    }

    private static AuthorizationRequest Request(JsonElement json) => new()
    {
        Principal = Text(json, "principal"),
        SourceAddress = Address(json, "sourceIP"),
        DestinationAddress = Address(json, "destinationIP"),
        Port = json.GetProperty("port").GetInt32(),
        Host = Text(json, "host"),
        Method = Text(json, "method"),
        Path = Text(json, "path"),
        Headers = json.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!)
            : [],
        Claims = json.TryGetProperty("jwt", out var claims) ? JsonObject.Create(claims.Clone()) : null,
    };

    private static IPAddress? Address(JsonElement json, string name) => Text(json, name) is { } text ? IPAddress.Parse(text) : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
