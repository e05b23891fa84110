using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Finds what an installation of the same product created and its definition has no more. Sends reads only. The product's name, which every
/// object carries, keeps two definitions in one cluster apart. Namespaces and the records of control planes never count: what is in a
/// namespace may be of others, and a revision is removed by an upgrade or an uninstall.
/// </summary>
internal sealed class LeftoverPlanner(KubernetesApi api)
{
    // Writes of Kubernetes itself, such as the revision that it notes on Deployments.
    private static readonly string[] OfKubernetes = ["kube-controller-manager", "cloud-controller-manager", "kube-apiserver"];

    /// <summary>A row for each, in the order of removal: Delete where it is asked for and safe, else Keep with the reason.</summary>
    internal async Task<IReadOnlyList<PlanRow>> PlanAsync(MeshInstallRequest request, RenderedMesh rendered, IActivityLog log, CancellationToken cancellationToken)
    {
        var wanted = rendered.Objects.Select(item => item.Object.Reference).ToHashSet();
        var options = new ListOptions { LabelSelector = Manifest.SelectorOf(request.Definition.Product), MetadataOnly = true };
        var rows = new List<PlanRow>();
        foreach (var resource in (await api.ListResourcesAsync(InstalledKinds.MayBeIn, cancellationToken)).Where(resource => resource.Kind != "Namespace" && InstalledKinds.MayBe(resource)))
        {
            try
            {
                await foreach (var item in api.ListAsync(resource, null, options, cancellationToken))
                {
                    if (!wanted.Contains(item.Reference) && !ControlPlaneRecord.IsRecord(item.Reference))
                        rows.Add(Row(item, request));
                }
            }
            catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
            {
                log.Verbose(error.Message);
            }
        }

        return InstalledKinds.InOrderOfRemoval(rows);
    }

    private static PlanRow Row(KubernetesObject item, MeshInstallRequest request)
    {
        var reason = ReasonToKeep(item, request);
        return new PlanRow
        {
            Action = reason is null ? PlanAction.Delete : PlanAction.Keep,
            Role = InstalledKinds.RoleOf(item.Reference),
            Object = item.Reference,
            Basis = PlanBasis.Record,
            IsLeftover = true,
            Reason = reason ?? PlanningText.Leftover,
            Live = item,
        };
    }

    private static string? ReasonToKeep(KubernetesObject item, MeshInstallRequest request)
    {
        if (ReasonNeverToRemove(item) is { } reason)
            return reason;

        // Gateways carry the label by which a Gateway finds them, services of the product the label app.
        if (!request.IncludeWorkloads && InstalledKinds.RoleOf(item.Reference) == ManifestRole.Workload && item.Label("app") is not null)
            return PlanningText.LeftoverWorkload;
        return request.Prune ? null : PlanningText.LeftoverNotAsked;
    }

    /// <summary>Why an object stays whatever is asked for; null where the module created it and nobody else wrote into it.</summary>
    internal static string? ReasonNeverToRemove(KubernetesObject item)
    {
        if (!InstallMarks.IsCreated(item))
            return InstallMarks.Patch(item) is null ? PlanningText.NoMark : PlanningText.LeftoverWasThere;
        return Others(item).ToList() is { Count: > 0 } others ? MeshException.Format(PlanningText.LeftoverChanged, string.Join(", ", others)) : null;
    }

    // Who wrote into it beside us. Status and scale have their own writers.
    private static IEnumerable<string> Others(KubernetesObject item) =>
        (item.Json["metadata"]?["managedFields"] as JsonArray ?? [])
            .Where(entry => string.IsNullOrEmpty((string?)entry?["subresource"]))
            .Select(entry => (string?)entry?["manager"] ?? "")
            .Where(manager => manager != FieldManagers.VoiceCore && !OfKubernetes.Contains(manager))
            .Distinct();
}
