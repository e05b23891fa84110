using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests.Apply;

/// <summary>The sandbox's answers against those that a kube-apiserver 1.36 gave to the same requests (<c>tests/Fixtures/kubernetes</c>).</summary>
public sealed class RecordedAnswersTests
{
    private static readonly ResourceKind DestinationRule = CustomKinds.Of((JsonObject)JsonNode.Parse(
        """
        {"spec":{"group":"networking.istio.io","scope":"Namespaced","names":{"plural":"destinationrules","kind":"DestinationRule"},
          "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
            "host":{"type":"string"},"trafficPolicy":{"type":"object","properties":{"connectionPool":{"type":"object","properties":{"tcp":{"type":"object","properties":{"maxConnections":{"type":"integer"}}}}}}}}}}}}}]}}
        """)!)[0];

    [Fact]
    public async Task Applies()
    {
        await using var sandbox = await StartAsync();
        var objects = sandbox.Cluster.Objects;

        Same("apply-create", objects.Apply(DestinationRule, Rule(10), new WriteSettings("one"), force: false));
        Same("apply-conflict", Status(() => objects.Apply(DestinationRule, Rule(20), new WriteSettings("two"), force: false)));
        Same("apply-force-dry-run", objects.Apply(DestinationRule, Rule(20), new WriteSettings("two") { DryRun = true }, force: true));
    }

    [Fact]
    public async Task Refusals()
    {
        await using var sandbox = await StartAsync();
        var objects = sandbox.Cluster.Objects;
        var deployments = sandbox.Cluster.Kinds.Get("apps", "Deployment");
        var writes = new WriteSettings("one");
        objects.Create(BuiltInKinds.Service, Named("Service", "tenant", "{\"ports\":[{\"port\":80}]}"), writes);
        objects.Create(BuiltInKinds.ServiceAccount, Named("ServiceAccount", "tenant"), writes);
        var old = Named("ServiceAccount", "tenant");
        old.Metadata()["resourceVersion"] = "1";
        var invalid = Named("Deployment", "Bad_Name", """{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{}}}""");
        invalid["apiVersion"] = "apps/v1";

        Same("create-already-exists", Status(() => objects.Create(BuiltInKinds.Service, Named("Service", "tenant"), writes)));
        Same("put-conflict", Status(() => objects.Update(BuiltInKinds.ServiceAccount, old, writes)));
        Same("not-found", Status(() => objects.Delete(BuiltInKinds.Pod, "voicecore-ai", "nosuch", new DeleteSettings())));
        Same("create-invalid", Status(() => objects.Create(deployments, invalid, writes)));
        Same("apply-no-field-manager", ApiErrors.NoFieldManager().ToStatus());
    }

    private static async Task<MeshSandbox> StartAsync()
    {
        var sandbox = await MeshSandbox.StartAsync(new MeshSandboxOptions(), TestContext.Current.CancellationToken);
        sandbox.Cluster.Objects.Create(BuiltInKinds.Namespace, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = "voicecore-ai" } }, new WriteSettings("one"));
        return sandbox;
    }

    private static JsonObject Rule(int maximum) => (JsonObject)JsonNode.Parse(
        """
        {"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"applied","namespace":"voicecore-ai"},
         "spec":{"host":"crm.voicecore-ai.svc.cluster.local","trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":0}}}}}
        """.Replace(":0", $":{maximum}", StringComparison.Ordinal))!;

    private static JsonObject Named(string kind, string name, string spec = "null")
    {
        var json = new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "voicecore-ai" } };
        if (JsonNode.Parse(spec) is { } node)
            json["spec"] = node;
        return json;
    }

    private static JsonObject Status(Action write) => Assert.Throws<ApiException>(write).ToStatus();

    private static void Same(string recording, JsonObject answer)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "VoiceCore.Istio.sln")))
            root = root.Parent;
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(root.FullName, "tests", "Fixtures", "kubernetes", recording + ".json")))!;
        Assert.Equal(Comparable(expected), Comparable(answer.DeepClone()));
    }

    // Without identities and times, keys in order.
    private static string Comparable(JsonNode node)
    {
        if (node["metadata"] is JsonObject metadata)
        {
            foreach (var field in (string[])["uid", "creationTimestamp", "resourceVersion"])
                metadata.Remove(field);
            foreach (var entry in metadata["managedFields"] as JsonArray ?? [])
                ((JsonObject)entry!).Remove("time");
        }

        return Sorted(node)!.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
