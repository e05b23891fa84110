using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Requirements;

/// <summary>The mesh of a definition as a cluster would hold it: what is rendered, and the pods, endpoints and webhooks that come of it.</summary>
internal sealed class DefinedMesh
{
    private const string Revision = "1-31-0";

    private DefinedMesh(IEnumerable<JsonObject> objects)
    {
        Objects = [.. objects];
    }

    /// <summary>The objects, for a test to change.</summary>
    internal List<JsonObject> Objects { get; }

    internal static DefinedMesh Of(MeshDefinition definition)
    {
        var rendered = MeshRenderer.Render(WithImages(definition), new RenderOptions { Revision = Revision }).Objects.Select(item => item.Object.Json.DeepClone().AsObject()).ToList();
        var injected = definition.Namespaces.Where(ns => ns.Injection).Select(ns => ns.Name).ToHashSet();
        var home = definition.ControlPlane.Namespace;
        var pods = rendered.Where(item => (string?)item["kind"] == "Deployment").SelectMany(item => Pods(item, rendered, injected))
            .Append(Pod(home, $"istiod-{Revision}", "istiod", new JsonObject { ["app"] = "istiod", ["istio.io/rev"] = Revision }, 0, proxy: false))
            .ToList();
        var services = rendered.Where(item => (string?)item["kind"] == "Service")
            .Append(Service(home, $"istiod-{Revision}", new JsonObject { ["app"] = "istiod" }, 443))
            .ToList();
        if (definition.Mesh.Tracing is { } tracing)
        {
            var host = tracing.Service.Split('.');
            var labels = new JsonObject { ["app"] = host[0] };
            services.Add(Service(host[1], host[0], labels.DeepClone().AsObject(), tracing.Port));
            pods.Add(Pod(host[1], host[0], "default", labels, 0, proxy: false));
        }

        var installation = rendered.First(item => (string?)item["kind"] == "IstioOperator");
        return new DefinedMesh([.. rendered.Where(item => (string?)item["kind"] is not ("Service" or "IstioOperator")), MeshConfig(installation, home), .. services, .. pods, .. services.Select(service => Slice(service, pods)), Webhook(home)]);
    }

    /// <summary>The object of a kind and name.</summary>
    internal JsonObject this[string kind, string name] =>
        Objects.Single(item => (string?)item["kind"] == kind && (string?)item["metadata"]!["name"] == name);

    internal MeshSnapshot Read()
    {
        var reader = new MeshSnapshotReader();
        reader.AddJson(Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "List", ["items"] = new JsonArray([.. Objects.Select(item => item.DeepClone())]) }.ToJsonString()), "test");
        return reader.Build();
    }

    private static MeshDefinition WithImages(MeshDefinition definition) => definition with { Images = new ImageSource { Registry = "registry.example.com", Tag = "1" } };

    private static IEnumerable<JsonObject> Pods(JsonObject deployment, IReadOnlyList<JsonObject> all, HashSet<string> injected)
    {
        var item = new KubernetesObject(deployment);
        var template = deployment["spec"]!["template"]!;
        var autoscaler = all.FirstOrDefault(other => (string?)other["kind"] == "HorizontalPodAutoscaler" && new KubernetesObject(other) is var scaler && scaler.Name == item.Name && scaler.Namespace == item.Namespace);
        var replicas = (int?)deployment["spec"]!["replicas"] ?? (int)autoscaler!["spec"]!["minReplicas"]!;
        var labels = template["metadata"]!["labels"]!;
        var proxy = injected.Contains(item.Namespace!) || (string?)labels["sidecar.istio.io/inject"] == "true";
        return Enumerable.Range(0, replicas).Select(index =>
            Pod(item.Namespace!, item.Name, (string?)template["spec"]!["serviceAccountName"] ?? "default", labels.DeepClone().AsObject(), index, proxy));
    }

    private static JsonObject Pod(string ns, string name, string account, JsonObject labels, int index, bool proxy)
    {
        const string Hash = "7c9";
        labels["pod-template-hash"] = Hash;
        if (proxy)
            labels["security.istio.io/tlsMode"] = "istio";
        var containers = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app:1" });
        if (proxy)
            containers.Add(new JsonObject { ["name"] = "istio-proxy", ["image"] = "istio/proxyv2:1.31.0" });
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}-{Hash}-{index}"),
                ["namespace"] = ns,
                ["labels"] = labels,
                ["annotations"] = proxy ? new JsonObject { ["istio.io/rev"] = Revision } : [],
                ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "ReplicaSet", ["name"] = $"{name}-{Hash}", ["controller"] = true }),
            },
            ["spec"] = new JsonObject { ["serviceAccountName"] = account, ["containers"] = containers },
            ["status"] = new JsonObject { ["phase"] = "Running", ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }) },
        };
    }

    private static JsonObject MeshConfig(JsonObject installation, string ns) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = $"istio-{Revision}", ["namespace"] = ns, ["labels"] = new JsonObject { ["istio.io/rev"] = Revision } },
        ["data"] = new JsonObject { ["mesh"] = installation["spec"]!["meshConfig"]!.ToJsonString() },
    };

    private static JsonObject Service(string ns, string name, JsonObject selector, int port) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        ["spec"] = new JsonObject { ["selector"] = selector, ["ports"] = new JsonArray(new JsonObject { ["name"] = "main", ["port"] = port }) },
    };

    private static JsonObject Slice(JsonObject service, IEnumerable<JsonObject> pods)
    {
        var (ns, name) = ((string)service["metadata"]!["namespace"]!, (string)service["metadata"]!["name"]!);
        var selector = service["spec"]!["selector"]!.AsObject();
        var selected = pods.Select(pod => new KubernetesObject(pod)).Where(pod => pod.Namespace == ns && selector.All(label => pod.Label(label.Key) == (string?)label.Value));
        return new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject { ["name"] = $"{name}-1", ["namespace"] = ns, ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = name } },
            ["addressType"] = "IPv4",
            ["ports"] = new JsonArray([.. service["spec"]!["ports"]!.AsArray().Select(port => new JsonObject { ["name"] = port!["name"]?.DeepClone(), ["port"] = (port["targetPort"] ?? port["port"])!.DeepClone() })]),
            ["endpoints"] = new JsonArray([.. selected.Select((pod, index) => new JsonObject
            {
                // Of endpoints with one address istiod knows one.
                ["addresses"] = new JsonArray($"10.0.0.{index + 1}"),
                ["conditions"] = new JsonObject { ["ready"] = true },
                ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod.Name, ["namespace"] = ns },
            })]),
        };
    }

    private static JsonObject Webhook(string ns)
    {
        var client = new JsonObject { ["service"] = new JsonObject { ["name"] = $"istiod-{Revision}", ["namespace"] = ns }, ["caBundle"] = "QQ==" };
        return new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "MutatingWebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = "istio-sidecar-injector", ["labels"] = new JsonObject { ["istio.io/rev"] = Revision } },
            ["webhooks"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "rev.namespace.sidecar-injector.istio.io",
                    ["clientConfig"] = client,
                    ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(In("istio.io/rev"), Absent("istio-injection")) },
                },
                new JsonObject
                {
                    ["name"] = "rev.object.sidecar-injector.istio.io",
                    ["clientConfig"] = client.DeepClone(),
                    ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(Absent("istio.io/rev"), Absent("istio-injection")) },
                    ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(In("istio.io/rev")) },
                }),
        };

        static JsonObject In(string key) => new() { ["key"] = key, ["operator"] = "In", ["values"] = new JsonArray(Revision) };
        static JsonObject Absent(string key) => new() { ["key"] = key, ["operator"] = "DoesNotExist" };
    }
}
