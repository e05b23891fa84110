using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// The marks by which GitOps tools know their objects. Sources: Argo CD, "Resource Tracking"; Flux, "Kustomization" and "HelmRelease"
/// (both write the name of what made an object into its labels).
/// </summary>
internal static class GitOpsMarks
{
    private static readonly (string Mark, string Tool)[] Marks =
    [
        ("argocd.argoproj.io/tracking-id", "Argo CD"),
        ("argocd.argoproj.io/instance", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
    ];

    /// <summary>The tool that keeps an object as its repository says; null where none does.</summary>
    internal static string? ToolOf(KubernetesObject item) =>
        Marks.FirstOrDefault(mark => item.Label(mark.Mark) is not null || item.Annotation(mark.Mark) is not null).Tool;
}
