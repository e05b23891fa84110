using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>The ConfigMaps of a control plane: the mesh's settings, and what the injector goes by.</summary>
internal static class IstiodConfiguration
{
    internal static IEnumerable<KubernetesObject> Objects(OperatorSettings settings, ManifestObject manifest)
    {
        yield return Map("istio", new JsonObject
        {
            ["mesh"] = YamlWriter.Write(Mesh(settings)),
            ["meshNetworks"] = "networks: {}",
        });
        yield return Map("istio-sidecar-injector", new JsonObject
        {
            ["config"] = "policy: enabled\nalwaysInjectSelector: []\nneverInjectSelector: []\ndefaultTemplates: [sidecar]\n",
            ["values"] = InjectorValues(settings).ToJsonString(),
        });
        yield return Map("values", new JsonObject { ["original-values"] = settings.Values.ToJsonString() });

        KubernetesObject Map(string name, JsonObject data) =>
            manifest.OfRevision("v1", "ConfigMap", settings.Namespace, settings.Named(name), new JsonObject { ["data"] = data });
    }

    // What is given goes before the chart's own (istiod-remote and istio-discovery, configmap.yaml).
    private static JsonObject Mesh(OperatorSettings settings)
    {
        var mesh = settings.MeshConfig;
        mesh.TryAdd("defaultProviders", new JsonObject { ["metrics"] = new JsonArray("prometheus") });
        mesh.TryAdd("enablePrometheusMerge", true);
        mesh.TryAdd("rootNamespace", settings.Namespace);
        mesh.TryAdd("trustDomain", "cluster.local");
        mesh.TryAdd("defaultConfig", new JsonObject());
        (mesh["defaultConfig"] as JsonObject)?.TryAdd("discoveryAddress", $"{settings.Named("istiod")}.{settings.Namespace}.svc:15012");
        return Sorted(mesh);
    }

    private static JsonObject InjectorValues(OperatorSettings settings) => new()
    {
        ["global"] = new JsonObject
        {
            ["hub"] = settings.Hub,
            ["tag"] = settings.Tag,
            ["istioNamespace"] = settings.Namespace,
            ["proxy"] = new JsonObject { ["image"] = "proxyv2", ["resources"] = settings.ProxyResources.DeepClone() },
        },
        ["revision"] = settings.Revision,
    };

    private static JsonObject Sorted(JsonObject map)
    {
        var sorted = new JsonObject();
        foreach (var (key, value) in map.OrderBy(item => item.Key, StringComparer.Ordinal))
            sorted[key] = value is JsonObject below ? Sorted(below) : value?.DeepClone();
        return sorted;
    }
}
