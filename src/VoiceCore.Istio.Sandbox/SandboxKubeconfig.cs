using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox;

/// <summary>The kubeconfig of a sandbox: one context, marked as a sandbox's. JSON, which is YAML too.</summary>
internal static class SandboxKubeconfig
{
    // The client knows a sandbox by this extension of the context.
    private const string Mark = "voicecore.io/sandbox";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static string Text(string context, Uri server, string authorityPem, string token, IReadOnlyDictionary<string, string> facts) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = context,
        ["clusters"] = Entry(context, "cluster", new JsonObject
        {
            ["server"] = server.ToString().TrimEnd('/'),
            ["certificate-authority-data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem)),
        }),
        ["users"] = Entry(context, "user", new JsonObject { ["token"] = token }),
        ["contexts"] = Entry(context, "context", new JsonObject
        {
            ["cluster"] = context,
            ["user"] = context,
            ["extensions"] = Entry(Mark, "extension", new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)JsonValue.Create(fact.Value))))),
        }),
    }.ToJsonString(Indented) + "\n";

    private static JsonArray Entry(string name, string key, JsonObject value) => new(new JsonObject { ["name"] = name, [key] = value });
}
