using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>
/// What istiod makes of a pod that the API server sends it: whether it is injected at all (<c>pkg/kube/inject/inject.go</c>,
/// <c>injectRequired</c>), and the pod afterwards.
/// </summary>
internal static class PodInjection
{
    private const string InjectKey = "sidecar.istio.io/inject";
    private const string StatusAnnotation = "sidecar.istio.io/status";
    private const string TemplatesAnnotation = "inject.istio.io/templates";

    private static readonly string[] IgnoredNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

    /// <summary>Injects the proxy into <paramref name="pod"/>; false and nothing changed where istiod would leave it alone.</summary>
    internal static bool Inject(JsonObject pod, string ns, InjectorSettings settings)
    {
        if (!IsWanted(pod, ns))
            return false;
        var isGateway = pod.Text("metadata", "annotations", TemplatesAnnotation) == "gateway";
        var volumes = ProxyTemplate.AddVolumes(pod);
        var (initContainers, containers) = isGateway ? ProxyTemplate.Gateway(pod, settings) : ProxyTemplate.Sidecar(pod, ns, settings);
        SetMetadata(pod, settings, isGateway);
        Ensure(pod.Metadata(), "annotations")[StatusAnnotation] = new JsonObject
        {
            ["initContainers"] = Names(initContainers),
            ["containers"] = Names(containers),
            ["volumes"] = Names(volumes),
            ["imagePullSecrets"] = null,
            ["revision"] = settings.Revision,
        }.ToJsonString();
        return true;
    }

    private static bool IsWanted(JsonObject pod, string ns)
    {
        if (pod.Flag("spec", "hostNetwork") || IgnoredNamespaces.Contains(ns) || pod.Annotations().ContainsKey(StatusAnnotation))
            return false;

        // The label goes before the annotation; what is neither true nor false counts as not given, and then the policy "enabled" injects.
        var asked = pod.Labels().GetValueOrDefault(InjectKey) ?? pod.Annotations().GetValueOrDefault(InjectKey);
        return asked != "false";
    }

    private static void SetMetadata(JsonObject pod, InjectorSettings settings, bool isGateway)
    {
        var labels = Ensure(pod.Metadata(), "labels");
        var annotations = Ensure(pod.Metadata(), "annotations");
        labels["service.istio.io/canonical-name"] = CanonicalName(pod);
        labels["service.istio.io/canonical-revision"] =
            labels.Text("service.istio.io/canonical-revision") ?? labels.Text("app.kubernetes.io/version") ?? labels.Text("version") ?? "latest";
        annotations["istio.io/rev"] = settings.Revision;
        if (!isGateway)
        {
            labels["security.istio.io/tlsMode"] = labels.Text("security.istio.io/tlsMode") ?? "istio";
            var first = pod.List("spec", "containers").Select(container => container.Text("name")).FirstOrDefault(name => name != ProxyTemplate.Proxy) ?? ProxyTemplate.Proxy;
            annotations["kubectl.kubernetes.io/default-container"] = annotations.Text("kubectl.kubernetes.io/default-container") ?? first;
            annotations["kubectl.kubernetes.io/default-logs-container"] = annotations.Text("kubectl.kubernetes.io/default-logs-container") ?? first;
        }

        if (settings.MeshConfig.Flag("enablePrometheusMerge") && annotations.Text("prometheus.io/scrape") != "false")
        {
            annotations["prometheus.io/path"] = "/stats/prometheus";
            annotations["prometheus.io/port"] = "15020";
            annotations["prometheus.io/scrape"] = "true";
        }
    }

    /// <summary>The workload's name: of a ReplicaSet's pod that of the Deployment, without the template's hash.</summary>
    internal static string WorkloadName(JsonObject pod)
    {
        var owner = pod.ControllerOwner();
        var name = owner.Text("name") ?? pod.Text("metadata", "name") ?? pod.Text("metadata", "generateName")?.TrimEnd('-') ?? "";
        var hash = pod.Labels().GetValueOrDefault("pod-template-hash");
        return owner.Text("kind") == "ReplicaSet" && hash is not null && name.EndsWith("-" + hash, StringComparison.Ordinal) ? name[..^(hash.Length + 1)] : name;
    }

    internal static JsonObject Ensure(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject map)
            return map;
        parent[key] = map = [];
        return map;
    }

    // pkg/kube/labels, CanonicalService.
    private static string CanonicalName(JsonObject pod)
    {
        var labels = pod.Labels();
        return labels.GetValueOrDefault("service.istio.io/canonical-name") ?? labels.GetValueOrDefault("app.kubernetes.io/name") ?? labels.GetValueOrDefault("app") ?? WorkloadName(pod);
    }

    private static JsonArray? Names(IReadOnlyList<string> names) => names.Count == 0 ? null : new([.. names.Select(name => JsonValue.Create(name))]);
}
