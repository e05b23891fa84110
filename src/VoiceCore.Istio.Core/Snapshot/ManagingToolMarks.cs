namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// The marks by which tools know their objects: field managers, labels and annotations
/// (https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/, https://fluxcd.io/flux/faq/, https://helm.sh/docs/chart_best_practices/labels/).
/// </summary>
internal static class ManagingToolMarks
{
    private static readonly Mark[] Marks =
    [
        new(ManagingTool.ArgoRollouts, ["rollouts-controller"], [], []),
        new(ManagingTool.Flagger, ["flagger"], [], []),
        new(ManagingTool.ArgoCD, ["argocd-controller", "argocd-application-controller"], ["argocd.argoproj.io/instance"], ["argocd.argoproj.io/tracking-id"]),
        new(ManagingTool.Flux, ["kustomize-controller", "helm-controller"], ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"], []),
        new(ManagingTool.Helm, ["helm"], [], ["meta.helm.sh/release-name"]),
    ];

    /// <summary>The tools that an object carries a mark of, in their order.</summary>
    internal static IReadOnlyList<ManagingTool> Of(Predicate<string> isManager, Predicate<string> hasLabel, Predicate<string> hasAnnotation)
    {
        var tools = new List<ManagingTool>();
        foreach (var mark in Marks)
        {
            if (Array.Exists(mark.Managers, isManager) || Array.Exists(mark.Labels, hasLabel) || Array.Exists(mark.Annotations, hasAnnotation))
                tools.Add(mark.Tool);
        }

        return tools;
    }

    /// <summary>Whether an annotation is a mark.</summary>
    internal static bool IsAnnotation(string name) => Array.Exists(Marks, mark => Array.IndexOf(mark.Annotations, name) >= 0);

    /// <summary>The tool's own name, where it keeps objects as a repository says (GitOps); else null.</summary>
    internal static string? GitOpsName(ManagingTool tool) => tool switch
    {
        ManagingTool.ArgoCD => "Argo CD",
        ManagingTool.Flux => "Flux",
        _ => null,
    };

    private sealed record Mark(ManagingTool Tool, string[] Managers, string[] Labels, string[] Annotations);
}
