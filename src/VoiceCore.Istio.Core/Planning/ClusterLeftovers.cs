using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// What Kubernetes and Istio put into namespaces by themselves: no reason to keep a namespace. What istiod leaves behind belongs to
/// whoever installed it. Everything is told from metadata alone.
/// </summary>
internal static class ClusterLeftovers
{
    /// <summary>The secret with the key of the CA that istiod makes for itself where none is given.</summary>
    internal const string RootSecret = "istio-ca-secret";

    /// <summary>The label of what istiod's controllers write into every namespace.</summary>
    internal const string EverywhereLabel = "istio.io/config=true";

    private static readonly string[] Everywhere = ["istio-ca-root-cert", "istio-ca-crl"];

    // From Istio's base chart, which an uninstall of a revision leaves.
    private const string ReaderAccount = "istio-reader-service-account";

    /// <summary>Whether Kubernetes makes it by itself in every namespace, or for another object.</summary>
    internal static bool IsOfKubernetes(KubernetesObject item) =>
        item.Json["metadata"]?["ownerReferences"] is JsonArray { Count: > 0 }
        || item is { Kind: "ConfigMap", Name: "kube-root-ca.crt" } or { Kind: "ServiceAccount", Name: "default" }
        || item.Annotation("kubernetes.io/service-account.name") is not null;

    /// <summary>Whether istiod wrote it, as it does into every namespace.</summary>
    internal static bool IsOfEveryNamespace(KubernetesObject item) => item.Kind == "ConfigMap" && Everywhere.Contains(item.Name);

    /// <summary>
    /// Whether it is what the last control plane leaves in its namespace, other than the CA's secret: the locks of its leader elections
    /// (<c>pilot/pkg/leaderelection</c>) and an account of the base chart.
    /// </summary>
    internal static bool IsOfControlPlane(KubernetesObject item) => item.Kind switch
    {
        "ConfigMap" => IsIstios(item) && item.Annotation("control-plane.alpha.kubernetes.io/leader") is not null,
        "Lease" => IsIstios(item),
        "ServiceAccount" => item.Name == ReaderAccount,
        _ => false,
    };

    /// <summary>Whether istioctl's uninstall of a revision removes it.</summary>
    internal static bool IsOfRevision(KubernetesObject item, IEnumerable<string> revisions) =>
        item.Label("operator.istio.io/component") is not null
        && item.Label(IstioNames.Revision) is { } revision && revisions.Contains(revision);

    private static bool IsIstios(KubernetesObject item) => item.Name.StartsWith("istio-", StringComparison.Ordinal);
}
