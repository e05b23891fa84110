using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>
/// Whether proxies go with their control plane: it may be one minor version ahead of them, and they may never be ahead of it
/// (https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew). Pure.
/// </summary>
internal static class VersionCheck
{
    internal static InstallationCheck Of(MeshWorkload workload, IReadOnlyList<InstalledControlPlane> controlPlanes)
    {
        var cases = workload.Records
            .Where(pod => pod.HasSidecar)
            .Select(pod => (Revision: InjectedProxy.Revision(pod) ?? "", Version: InjectedProxy.Version(pod)))
            .Distinct()
            .Select(item => Judge(item.Revision, item.Version, controlPlanes))
            .ToArray();
        var worst = cases.OrderBy(item => item.Status switch { InstallationStatus.Failed => 0, InstallationStatus.Unknown => 1, _ => 2 }).First();
        return new InstallationCheck(InstallationAspect.Version, workload.ToString(), worst.Status, worst.Message);
    }

    private static (InstallationStatus Status, string Message) Judge(string revision, string? tag, IReadOnlyList<InstalledControlPlane> controlPlanes)
    {
        var own = controlPlanes.Where(item => item.Revision == revision).ToArray();
        if (own.Length == 0)
            return (InstallationStatus.Failed, $"Its proxies belong to revision '{revision}', which is not installed. Restart it under a revision that is.");
        if (tag is not null && tag == own[0].Tag)
            return (InstallationStatus.Ok, $"Version {tag}.");
        if (IstioVersion.TryParse(tag) is not { } proxy || IstioVersion.TryParse(own[0].Tag) is not { } istiod)
            return (InstallationStatus.Unknown, $"The images do not tell versions: proxies {tag ?? "(no tag)"}, istiod {own[0].Tag ?? "(no tag)"}.");
        var text = $"proxies {proxy}, istiod {istiod}";
        if (proxy.CompareTo(istiod) > 0)
            return (InstallationStatus.Failed, $"Proxies must not be ahead of their control plane: {text}. Upgrade the control plane first.");
        return proxy.Major == istiod.Major && istiod.Minor - proxy.Minor <= 1
            ? (InstallationStatus.Ok, $"Supported: {text}.")
            : (InstallationStatus.Failed, $"The control plane may be one minor version ahead of its proxies: {text}. Restart the workload.");
    }
}
