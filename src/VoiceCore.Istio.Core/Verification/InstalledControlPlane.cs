using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>An istiod of the cluster.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Tag">The tag of its image, its version as a rule; null without one.</param>
/// <param name="Deployment">Its Deployment.</param>
internal sealed record InstalledControlPlane(string Revision, string? Tag, KubernetesObject Deployment)
{
    private const string Default = "default";

    /// <summary>The control planes among Deployments, in whatever namespace: the AKS add-on has its own.</summary>
    internal static IReadOnlyList<InstalledControlPlane> Of(IEnumerable<KubernetesObject> deployments) =>
    [
        .. from deployment in deployments
           where deployment.Label("app") == "istiod"
           let containers = deployment.Json["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? []
           let image = (string?)containers.FirstOrDefault(container => (string?)container?["name"] == "discovery")?["image"]
           select new InstalledControlPlane(deployment.Label(IstioNames.Revision) ?? Default, InjectedProxy.Tag(image), deployment),
    ];
}
