using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads from an object's metadata who wrote it, and which tools say that it is theirs: by their labels and annotations
/// (https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/, https://fluxcd.io/flux/faq/, https://helm.sh/docs/chart_best_practices/labels/),
/// owners (<c>pkg/router/istio.go</c> of Flagger) and field managers.
/// </summary>
internal static class OwnershipReader
{
    private static readonly (ManagingTool Tool, string[] Managers, string[] Labels, string[] Annotations)[] Marks =
    [
        (ManagingTool.ArgoRollouts, ["rollouts-controller"], [], []),
        (ManagingTool.Flagger, ["flagger"], [], []),
        (ManagingTool.ArgoCD, ["argocd-controller", "argocd-application-controller"], ["argocd.argoproj.io/instance"], ["argocd.argoproj.io/tracking-id"]),
        (ManagingTool.Flux, ["kustomize-controller", "helm-controller"], ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"], []),
        (ManagingTool.Helm, ["helm"], [], ["meta.helm.sh/release-name"]),
    ];

    /// <summary>The field managers, in the order in which the server lists them.</summary>
    internal static IReadOnlyList<string> Managers(JsonElement metadata, StringPool pool) =>
        metadata.Items("managedFields").Select(entry => pool.Get(entry.Text("manager", ""))).Where(manager => manager.Length > 0).Distinct().ToArray();

    /// <summary>The tools.</summary>
    internal static IReadOnlyList<ManagingTool> Tools(JsonElement metadata, IReadOnlyList<string> managers) =>
        Marks
            .Where(mark => mark.Managers.Any(managers.Contains)
                || mark.Labels.Any(label => Has(metadata, "labels", label))
                || mark.Annotations.Any(annotation => Has(metadata, "annotations", annotation))
                || (mark.Tool == ManagingTool.Flagger && metadata.Items("ownerReferences").Any(IsCanary)))
            .Select(mark => mark.Tool)
            .ToArray();

    /// <summary>Whether an annotation tells of a tool.</summary>
    internal static bool IsMark(string annotation) => Marks.Any(mark => mark.Annotations.Contains(annotation));

    // A saved snapshot has the kind alone.
    private static bool IsCanary(JsonElement owner) =>
        owner.Text("kind") == "Canary" && owner.Text("apiVersion", "flagger.app/").StartsWith("flagger.app/", StringComparison.Ordinal);

    private static bool Has(JsonElement metadata, string part, string key) => metadata.Field(part) is { } map && map.Field(key) is not null;
}
