using VoiceCore.Istio.Core.Activity;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>
/// What the module asks of istioctl: only that which istioctl alone can do. Everything that can be read over the Kubernetes API,
/// istiod's debug interface or Envoy's admin interface is read there.
/// Two implementations: a runner of the istioctl program, and the sandbox's own.
/// </summary>
public interface IIstioctl
{
    /// <summary>What answers, for messages: the program's path, or "the sandbox".</summary>
    string Description { get; }

    /// <summary>The version of istioctl itself (<c>istioctl version --remote=false</c>), such as <c>1.30.3</c>. Asks no cluster.</summary>
    Task<IstioVersion> GetClientVersionAsync(CancellationToken cancellationToken);

    /// <summary>Renders the control plane (<c>istioctl manifest generate</c>): YAML documents. Asks no cluster.</summary>
    Task<string> GenerateManifestAsync(ControlPlaneRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs Istio's analyzers (<c>istioctl analyze --all-namespaces -o json</c>) over the cluster or, without asking one, over a file or folder.
    /// What it prints; null where nothing here has analyzers.
    /// </summary>
    Task<string?> AnalyzeAsync(string? path, IActivityLog log, CancellationToken cancellationToken);

    /// <summary>Installs or updates the control plane of one revision (<c>istioctl install -y</c>) and waits until it is ready.</summary>
    Task InstallAsync(ControlPlaneRequest request, IActivityLog log, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the control plane of one revision (<c>istioctl uninstall --revision -y</c>). Never <c>--purge</c>, which deletes Istio's
    /// CRDs and with them every object of these kinds. Deletion is in the foreground and not waited for (istioctl does not).
    /// </summary>
    Task UninstallAsync(string revision, IActivityLog log, CancellationToken cancellationToken);
}
