using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>Whether istiod, the gateways and whatever else has a proxy run: pure.</summary>
internal static class ReadinessCheck
{
    private static readonly string[] GatewayComponents = ["IngressGateways", "EgressGateways"];

    /// <summary>Whether a Deployment is a gateway: injected with that template, or installed by istioctl as one.</summary>
    internal static bool IsGateway(KubernetesObject deployment) =>
        GatewayComponents.Contains(deployment.Label("operator.istio.io/component"))
        || ((string?)deployment.Json["spec"]?["template"]?["metadata"]?["annotations"]?[IstioNames.Templates])?.Split(',').Contains("gateway") == true;

    /// <summary>A Deployment, as <c>kubectl rollout status</c> judges it, with one replica at least.</summary>
    internal static InstallationCheck Of(KubernetesObject deployment) =>
        ObjectStatus.RolloutState(deployment, minimum: 1) is { } missing
            ? InstallationCheck.Failed(InstallationAspect.Readiness, deployment.Reference.ToString(), $"{char.ToUpperInvariant(missing[0])}{missing[1..]}.")
            : InstallationCheck.Ok(InstallationAspect.Readiness, deployment.Reference.ToString(), "All replicas are ready.");

    /// <summary>The pods of a workload with proxies.</summary>
    internal static InstallationCheck Of(MeshWorkload workload) => workload.Ready == workload.Replicas
        ? InstallationCheck.Ok(InstallationAspect.Readiness, workload.ToString(), $"All {workload.Replicas} pods are ready.")
        : InstallationCheck.Failed(
            InstallationAspect.Readiness, workload.ToString(),
            $"{workload.Ready} of {workload.Replicas} pods are ready; not {string.Join(", ", workload.Records.Where(pod => !pod.Ready).Select(pod => pod.Name))}.");
}
