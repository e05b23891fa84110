using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>A pod that is only tried, to see what injection makes of it.</summary>
internal static class InjectionProbe
{
    internal static KubernetesObject Pod(string ns) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = "voicecore-mesh-probe", ["namespace"] = ns },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "probe", ["image"] = "probe" }),
        },
    });

    /// <summary>The revision of the pod's proxy, which since Istio 1.27 is among the init containers; null without a proxy.</summary>
    internal static string? RevisionOf(KubernetesObject pod) =>
        Containers(pod, "containers").Concat(Containers(pod, "initContainers")).Contains(IstioNames.Proxy) ? pod.Annotation(IstioNames.Revision) ?? "" : null;

    /// <summary>Whether it is the cluster's policies that refuse the pod, or the caller who may not try one.</summary>
    internal static bool IsRefusal(MeshException error) =>
        error.Id is nameof(KubernetesText.AdmissionDenied) or nameof(KubernetesText.ObjectExists)
        || (error.Id == nameof(KubernetesText.ClusterForbidden) && !IsEarly(error));

    /// <summary>Whether it may succeed a moment later: the webhook is not reached yet, or the namespace is only just made.</summary>
    internal static bool MayComeYet(MeshException error) =>
        IsEarly(error) || error.Id is nameof(KubernetesText.AdmissionWebhookFailed) or nameof(KubernetesText.ClusterUnavailable);

    // The namespace's default service account is made a moment after the namespace (plugin/pkg/admission/serviceaccount). The caller of a
    // pipeline is a service account itself, so that the word alone says nothing.
    private static bool IsEarly(MeshException error) =>
        error.Id == nameof(KubernetesText.ClusterForbidden) && error.Message.Contains("error looking up service account", StringComparison.Ordinal);

    private static IEnumerable<string?> Containers(KubernetesObject pod, string list) =>
        (pod.Json["spec"]?[list] as JsonArray ?? []).Select(container => (string?)container?["name"]);
}
