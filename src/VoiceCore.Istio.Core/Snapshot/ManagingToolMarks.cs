namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// The marks by which tools know their objects: field managers, labels and annotations
/// (https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/, https://fluxcd.io/flux/faq/, https://helm.sh/docs/chart_best_practices/labels/).
/// </summary>
internal static class ManagingToolMarks
{
    private static readonly (ManagingTool Tool, string[] Managers, string[] Labels, string[] Annotations)[] Marks =
    [
        (ManagingTool.ArgoRollouts, ["rollouts-controller"], [], []),
        (ManagingTool.Flagger, ["flagger"], [], []),
        (ManagingTool.ArgoCD, ["argocd-controller", "argocd-application-controller"], ["argocd.argoproj.io/instance"], ["argocd.argoproj.io/tracking-id"]),
        (ManagingTool.Flux, ["kustomize-controller", "helm-controller"], ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"], []),
        (ManagingTool.Helm, ["helm"], [], ["meta.helm.sh/release-name"]),
    ];

    /// <summary>The tools that an object carries a mark of.</summary>
    internal static IEnumerable<ManagingTool> Of(Func<string, bool> isManager, Func<string, bool> hasLabel, Func<string, bool> hasAnnotation) =>
        Marks.Where(mark => mark.Managers.Any(isManager) || mark.Labels.Any(hasLabel) || mark.Annotations.Any(hasAnnotation)).Select(mark => mark.Tool);

    /// <summary>Whether an annotation is a mark.</summary>
    internal static bool IsAnnotation(string name) => Marks.Any(mark => mark.Annotations.Contains(name));

    /// <summary>The tool's own name, where it keeps objects as a repository says (GitOps); else null.</summary>
    internal static string? GitOpsName(ManagingTool tool) => tool switch
    {
        ManagingTool.ArgoCD => "Argo CD",
        ManagingTool.Flux => "Flux",
        _ => null,
    };
}
