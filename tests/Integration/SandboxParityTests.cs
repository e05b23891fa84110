using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The sandbox against the server that <c>VOICECORE_TEST_KUBECONFIG</c> names: the same writes give the same objects, defaults and owners
/// of fields included, and the same refusals.
/// </summary>
public sealed class SandboxParityTests(SandboxContractTests.Server sandbox) : IClassFixture<SandboxContractTests.Server>
{
    private const string Definition =
        """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.parity.voicecore.io"},
         "spec":{"group":"parity.voicecore.io","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
          "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
            "host":{"type":"string"},"limits":{"type":"object","properties":{"tcp":{"type":"object","properties":{"max":{"type":"integer"},"min":{"type":"integer"}}}}},
            "labels":{"type":"object","additionalProperties":{"type":"string"}},
            "rules":{"type":"array","items":{"type":"object","properties":{"to":{"type":"string"}}}},
            "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],"items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"size":{"type":"integer"}}}},
            "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}}}}}}}]}}
        """;

    public static TheoryData<string, string[]> Applies => new()
    {
        { "a struct that is no longer applied", [Widget("""{"host":"a","limits":{"tcp":{"max":1}}}"""), Widget("""{"host":"a"}""")] },
        { "a part of a struct that is no longer applied", [Widget("""{"host":"a","limits":{"tcp":{"max":1,"min":1}}}"""), Widget("""{"host":"a","limits":{"tcp":{"min":1}}}""")] },
        { "a struct that another still applies", [Widget("""{"host":"a","limits":{"tcp":{"max":1}}}"""), Widget("""{"limits":{"tcp":{"min":2}}}""", "two"), Widget("""{"host":"a"}""")] },
        { "a map that is no longer applied", [Widget("""{"host":"a","labels":{"x":"1","y":"2"}}"""), Widget("""{"host":"a"}""")] },
        { "an entry of a map that is no longer applied", [Widget("""{"labels":{"x":"1","y":"2"}}"""), Widget("""{"labels":{"z":"3"}}""", "two"), Widget("""{"labels":{"y":"2"}}""")] },
        { "an empty map", [Widget("""{"labels":{}}"""), Widget("""{"host":"a"}""")] },
        { "an atomic list of another", [Widget("""{"rules":[{"to":"a"},{"to":"b"}]}"""), Widget("""{"rules":[{"to":"a"}]}""", "two"), Widget("""{"rules":[{"to":"c"}]}""", "two", force: true)] },
        { "items by key", [Widget("""{"parts":[{"name":"a","size":1},{"name":"b"}]}"""), Widget("""{"parts":[{"name":"c","size":3},{"name":"b","size":2}]}""", "two"), Widget("""{"parts":[{"name":"b"}]}""")] },
        { "an item by key that changes its owner", [Widget("""{"parts":[{"name":"a","size":1}]}"""), Widget("""{"parts":[{"name":"a","size":2}]}""", "two"), Widget("""{"parts":[{"name":"a","size":2}]}""", "two", force: true), Widget("""{"host":"a"}""", "two")] },
        { "items by value", [Widget("""{"tags":["a","b"]}"""), Widget("""{"tags":["c","b"]}""", "two"), Widget("""{"tags":["b"]}""")] },
        { "the same value of two managers", [Widget("""{"host":"a"}"""), Widget("""{"host":"a"}""", "two"), Widget("""{"tags":["x"]}""")] },
        { "several conflicts", [Widget("""{"host":"a","limits":{"tcp":{"max":1}}}"""), Widget("""{"tags":["x"],"labels":{"l":"1"}}""", "three"), Widget("""{"host":"b","limits":{"tcp":{"max":2}},"labels":{"l":"2"}}""", "two")] },
        { "an unknown field", [Widget("""{"nothing":1}""")] },
        { "a wrong type", [Widget("""{"host":1}""")] },
        { "an item without its key", [Widget("""{"parts":[{"size":1}]}""")] },
        { "labels and annotations", [Meta("""{"labels":{"a":"1"},"annotations":{"n":"1"}}"""), Meta("""{"labels":{"b":"1"}}""", "two"), Meta("{}")] },
        { "ports by number and protocol", [Service("""{"ports":[{"name":"http","port":80}],"selector":{"app":"x"}}"""), Service("""{"ports":[{"name":"http","port":80},{"name":"grpc","port":90,"protocol":"TCP"}],"selector":{"app":"x"}}"""), Service("""{"ports":[{"name":"grpc","port":90}],"selector":{"app":"y"}}""")] },
        { "a headless service", [Service("""{"clusterIP":"None","ports":[{"port":80,"appProtocol":"http"}]}""")] },
        { "an external name", [Service("""{"type":"ExternalName","externalName":"example.com"}""")] },
        { "a pod template", [Deployment("""{"containers":[{"name":"a","image":"a:1","ports":[{"containerPort":80}],"env":[{"name":"X","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"resources":{"limits":{"cpu":"1"}},"readinessProbe":{"httpGet":{"path":"/","port":80}},"livenessProbe":{"tcpSocket":{"port":80}},"volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","configMap":{"name":"c"}},{"name":"p","projected":{"sources":[{"downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}}]}},{"name":"e","emptyDir":{}}],"serviceAccountName":"default","topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway","labelSelector":{"matchLabels":{"app":"x"}}}]}""")] },
        { "a container that is no longer applied", [Deployment("""{"containers":[{"name":"a","image":"a"},{"name":"b","image":"b","env":[{"name":"X","value":"1"}]}]}"""), Deployment("""{"containers":[{"name":"a","image":"a:2"}]}""")] },
        { "a deployment without containers", [Deployment("{}")] },
        { "an autoscaler", [Object("autoscaling/v2", "HorizontalPodAutoscaler", """{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"x"},"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]}""")] },
        { "an autoscaler without metrics", [Object("autoscaling/v2", "HorizontalPodAutoscaler", """{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"x"}}""")] },
        { "a disruption budget", [Object("policy/v1", "PodDisruptionBudget", """{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}""")] },
        { "a quota", [Object("v1", "ResourceQuota", """{"hard":{"pods":"10"}}""")] },
        { "a network policy", [Object("networking.k8s.io/v1", "NetworkPolicy", """{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}""")] },
        { "a wrong name", [Object("v1", "ResourceQuota", """{"hard":{"pods":"10"}}""").Replace("\"one\"", "\"One_\"", StringComparison.Ordinal)] },
    };

    [Theory]
    [MemberData(nameof(Applies))]
    public async Task The_same_applies_come_to_the_same(string what, string[] steps)
    {
        Assert.NotEmpty(what);
        var real = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");
        Assert.SkipWhen(real is null, "VOICECORE_TEST_KUBECONFIG names no kubeconfig.");
        var @namespace = $"voicecore-parity-{Guid.NewGuid():N}"[..32];

        Assert.Equal(await StoryAsync(real, @namespace, steps), await StoryAsync(sandbox.KubeconfigPath, @namespace, steps));
    }

    // What each step came to, and the object at the end.
    private static async Task<string> StoryAsync(string kubeconfig, string @namespace, string[] steps)
    {
        var stop = TestContext.Current.CancellationToken;
        using var api = KubernetesApiFactory.Create(kubeconfig, context: null);
        await api.ApplyAsync(Parse(Definition), new ApplyOptions(), stop);
        await LabMesh.ServedAsync(api, "parity.voicecore.io", "Widget");
        await api.CreateAsync(Parse($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{@namespace}}}"}}"""), new WriteOptions(), stop);
        try
        {
            var story = new List<string>();
            KubernetesObject? last = null;
            foreach (var step in steps)
            {
                var body = Parse(step);
                var options = new ApplyOptions { FieldManager = (string?)body.Json["manager"] ?? "one", Force = (bool?)body.Json["force"] ?? false };
                body.Json.Remove("manager");
                body.Json.Remove("force");
                body.Json["metadata"]!["namespace"] = @namespace;
                try
                {
                    var outcome = await api.TryApplyAsync(body, options, stop);
                    last = outcome.Object ?? last;
                    story.Add(outcome.Object is null ? string.Join("; ", outcome.Conflicts.OrderBy(conflict => conflict.ToString(), StringComparer.Ordinal)) : "applied");
                }
                catch (MeshException error)
                {
                    story.Add(error.Id);
                }
            }

            story.Add(last is null ? "nothing" : Comparable(last.Json).ToJsonString(new() { WriteIndented = true }));
            return string.Join("\n", story);
        }
        finally
        {
            await api.DeleteAsync(new ObjectReference("", "Namespace", null, @namespace), new DeleteOptions(), CancellationToken.None);
        }
    }

    // Without what differs by nature: identities, times, addresses, what controllers write. Keys in order.
    private static JsonNode Comparable(JsonObject json)
    {
        var metadata = json["metadata"]!.AsObject();
        foreach (var field in (string[])["uid", "creationTimestamp", "resourceVersion", "generation"])
            metadata.Remove(field);
        // A controller may have been here already.
        if (metadata["annotations"] is JsonObject annotations && annotations.Remove("deployment.kubernetes.io/revision") && annotations.Count == 0)
            metadata.Remove("annotations");
        json.Remove("status");
        var owners = metadata["managedFields"]!.AsArray().Where(entry => ((string)entry!["manager"]!).Length < 6).Select(entry => entry!.DeepClone()).ToArray();
        foreach (var entry in owners)
            ((JsonObject)entry).Remove("time");
        metadata["managedFields"] = new JsonArray([.. owners.OrderBy(entry => (string?)entry["manager"], StringComparer.Ordinal)]);
        if (json["spec"]?["clusterIP"] is { } address && (string?)address != "None")
        {
            json["spec"]!["clusterIP"] = "";
            json["spec"]!["clusterIPs"] = "";
        }

        return Sorted(json)!;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static KubernetesObject Parse(string json) => new((JsonObject)JsonNode.Parse(json)!);

    private static string Widget(string spec, string manager = "one", bool force = false) =>
        $$"""{"apiVersion":"parity.voicecore.io/v1","kind":"Widget","manager":"{{manager}}","force":{{(force ? "true" : "false")}},"metadata":{"name":"one"},"spec":{{spec}}}""";

    private static string Meta(string metadata, string manager = "one") =>
        $$"""{"apiVersion":"v1","kind":"ConfigMap","manager":"{{manager}}","metadata":{"name":"one",{{metadata.Trim('{')}}}""".Replace(",}", "}", StringComparison.Ordinal);

    private static string Service(string spec) => Object("v1", "Service", spec);

    private static string Deployment(string pod) =>
        Object("apps/v1", "Deployment", $$$"""{"replicas":0,"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},"spec":{{{pod}}}}}""");

    private static string Object(string apiVersion, string kind, string spec) =>
        $$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}","metadata":{"name":"one"},"spec":{{spec}}}""";
}
