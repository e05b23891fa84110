using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Plans the control plane: what <c>istioctl manifest generate</c> states against the live objects. It is istioctl that applies it, as a whole.
/// </summary>
internal sealed class ControlPlanePlanner(KubernetesApi api)
{
    /// <summary>The field manager of istioctl (<c>operator/pkg/install</c>).</summary>
    internal const string Istioctl = "istio-operator";

    private const string OwningResource = "install.operator.istio.io/owning-resource";

    /// <summary>One row for an object of the manifest.</summary>
    internal async Task<PlanRow> PlanAsync(KubernetesObject stated, IReadOnlyCollection<string> autoscaled, CancellationToken cancellationToken)
    {
        var row = new PlanRow { Action = PlanAction.Create, Role = ManifestRole.ControlPlane, Object = stated.Reference, Basis = PlanBasis.Manifest };
        KubernetesObject? live;
        try
        {
            live = await api.GetAsync(stated.Reference, cancellationToken);
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
        {
            return row with { Action = PlanAction.Unknown, Reason = error.Message };
        }

        if (live is null)
            return row;
        var differences = FieldComparison.Stated(live, Comparable(stated, autoscaled), Istioctl, defaultsInLists: true)
            .Where(difference => !IsLabelOfInstall(difference))
            .ToList();
        var others = differences.Where(difference => difference.Owners.Count > 0 && !difference.Owners.Contains(Istioctl)).SelectMany(difference => difference.Owners).Distinct().ToList();
        return row with
        {
            Live = live,
            Differences = differences,
            Action = others.Count > 0 ? PlanAction.Conflict : differences.Count > 0 ? PlanAction.Update : PlanAction.Unchanged,
            Reason = others.Count > 0 ? MeshException.Format(PlanningText.OwnedByOthers, string.Join(", ", others)) : null,
        };
    }

    // "install" labels what it applies with its revision, version and component; "manifest generate" does not.
    private static bool IsLabelOfInstall(FieldDifference difference) =>
        difference.Wanted is null && difference.Path.StartsWith(".metadata.labels.", StringComparison.Ordinal);

    /// <summary>The Deployments of a manifest whose number of replicas an autoscaler owns.</summary>
    internal static IReadOnlyCollection<string> Autoscaled(IEnumerable<KubernetesObject> manifest) =>
        [.. manifest.Where(item => item.Kind == "HorizontalPodAutoscaler").Select(item => (string?)item.Json["spec"]?["scaleTargetRef"]?["name"] ?? "")];

    /// <summary>
    /// What can be compared: without what others write into it as a matter of course. istiod puts its CA certificate into the webhooks
    /// and closes the validating one when it is ready (<c>pkg/webhooks</c>); the autoscaler owns its target's replicas;
    /// the name of the owning resource is written by <c>install</c> only.
    /// </summary>
    private static KubernetesObject Comparable(KubernetesObject stated, IReadOnlyCollection<string> autoscaled)
    {
        var comparable = stated.Clone();
        (comparable.Json["metadata"]?["labels"] as JsonObject)?.Remove(OwningResource);
        if (comparable.Kind == "Deployment" && autoscaled.Contains(comparable.Name))
            (comparable.Json["spec"] as JsonObject)?.Remove("replicas");
        foreach (var webhook in (comparable.Json["webhooks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            (webhook["clientConfig"] as JsonObject)?.Remove("caBundle");
            if (comparable.Kind == "ValidatingWebhookConfiguration")
                webhook.Remove("failurePolicy");
        }

        return comparable;
    }
}
