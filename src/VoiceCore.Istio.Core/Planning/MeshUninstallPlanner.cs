using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Finds what the module created and changed for a product, by the marks on the objects. Sends reads only. Without a mark nothing is removed.
/// </summary>
public sealed class MeshUninstallPlanner(KubernetesApi api)
{
    private readonly NamespaceContents _contents = new(api);

    /// <summary>What uninstalling would do; with <paramref name="removeCrds"/> to Istio's custom resource definitions too.</summary>
    public async Task<UninstallPlan> PlanAsync(string product, bool removeCrds, IActivityLog log, CancellationToken cancellationToken)
    {
        log.Progress(PlanningText.UninstallActivity, PlanningText.AskingCluster);
        var own = await OwnAsync(product, cancellationToken);
        var namespaces = own.Where(row => row.Kind == "Namespace").ToList();
        var records = own.Where(row => row.Action == PlanAction.Delete && ControlPlaneRecord.IsRecord(row.Object)).ToList();
        var rows = own.Except(namespaces).Except(records).ToList();

        foreach (var (record, users) in await OtherUsersAsync(records, namespaces, cancellationToken))
        {
            records.Remove(record);
            rows.Add(record with { Action = PlanAction.Keep, Reason = MeshException.Format(PlanningText.RevisionInUse, ControlPlaneRecord.RevisionOf(record), users) });
        }

        var revisions = records.Select(ControlPlaneRecord.RevisionOf).ToList();
        var isLast = records.Count > 0 && !await HasOtherIstiodAsync(revisions, cancellationToken);
        var ends = new List<PlanRow>();
        foreach (var ns in namespaces)
            ends.Add(await PlanNamespaceAsync(ns, product, records, isLast, cancellationToken));
        var goingNamespaces = ends.Where(row => row.Action == PlanAction.Delete).Select(row => row.Name).ToHashSet(StringComparer.Ordinal);

        rows.AddRange(records.Select(ControlPlaneRecord.Istiod));
        if (isLast)
            rows.AddRange(await LeftoversAsync(records, goingNamespaces, cancellationToken));
        rows.AddRange(ends);

        // Last: without it the next run would take what istiod left behind for others'. As a rule it has gone with its namespace.
        rows.AddRange(records);
        if (removeCrds)
            rows.AddRange(await CrdsAsync(isLast || !await HasOtherIstiodAsync(revisions, cancellationToken), cancellationToken));
        return new UninstallPlan(product, rows);
    }

    private async Task<List<PlanRow>> OwnAsync(string product, CancellationToken cancellationToken)
    {
        var options = new ListOptions { LabelSelector = Manifest.SelectorOf(product), MetadataOnly = true };
        var rows = new List<PlanRow>();
        foreach (var resource in (await api.ListResourcesAsync(InstalledKinds.MayBeIn, cancellationToken)).Where(InstalledKinds.MayBe))
        {
            await foreach (var item in api.ListAsync(resource, null, options, cancellationToken))
            {
                var action = InstallMarks.IsCreated(item) ? PlanAction.Delete : InstallMarks.Patch(item) is null ? PlanAction.Keep : PlanAction.Restore;
                var live = ControlPlaneRecord.IsRecord(item.Reference) ? await api.GetAsync(item.Reference, cancellationToken) ?? item : item;
                rows.Add(Row(live, action, InstalledKinds.RoleOf(item.Reference)) with { Reason = action == PlanAction.Keep ? PlanningText.NoMark : null });
            }
        }

        return [.. InstalledKinds.InOrderOfRemoval(rows)];
    }

    private async Task<PlanRow> PlanNamespaceAsync(PlanRow ns, string product, List<PlanRow> records, bool isLast, CancellationToken cancellationToken)
    {
        if (ns.Action != PlanAction.Delete)
            return ns;
        var revisions = records.Select(ControlPlaneRecord.RevisionOf).ToList();
        var isHome = records.Any(record => record.Namespace == ns.Name);
        var reason = await _contents.ReasonToKeepAsync(
            ns.Name,
            item => ClusterLeftovers.IsOfKubernetes(item)
                || ClusterLeftovers.IsOfEveryNamespace(item)
                || ClusterLeftovers.IsOfRevision(item, revisions)
                || (Manifest.IsOf(product, item) && InstallMarks.IsCreated(item))
                || (isHome && isLast && (ClusterLeftovers.IsOfControlPlane(item) || IsNewRoot(item, records))),
            cancellationToken);

        // What the module set on it goes; the namespace stays.
        return reason is null ? ns : ns with { Action = PlanAction.Restore, Reason = reason };
    }

    private static bool IsNewRoot(KubernetesObject item, IEnumerable<PlanRow> records) =>
        item is { Kind: "Secret", Name: ClusterLeftovers.RootSecret } && records.Any(record => record.Namespace == item.Namespace && ControlPlaneRecord.MadeRoot(record.Live!));

    // Records whose revision injects in namespaces of others that ask for a sidecar, by its name, by a tag or as the default one: without
    // it their pods would start without.
    private async Task<List<(PlanRow Record, string Users)>> OtherUsersAsync(List<PlanRow> records, List<PlanRow> own, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
            return [];
        var reader = new MeshSnapshotReader();
        foreach (var (group, kind) in new[] { ("", "Namespace"), ("admissionregistration.k8s.io", "MutatingWebhookConfiguration") })
        {
            var resource = await api.FindResourceAsync(group, kind, version: null, cancellationToken);
            await foreach (var page in api.ListPagesAsync(resource!, null, ListOptions.All, cancellationToken))
                reader.AddJson(page, api.Connection.Context, resource!.ApiVersion, kind);
        }

        var cluster = reader.Build();
        var injection = new InjectionResolver(cluster.Webhooks);
        var users = cluster.Namespaces
            .Where(ns => ns.Labels.Any(label => InjectionLabels.Are(label.Key)) && own.TrueForAll(row => row.Name != ns.Name))
            .ToLookup(ns => injection.Resolve(ns.Name, ns.Labels, LabelSet.Empty, LabelSet.Empty, hostNetwork: false).Revision, ns => ns.Name);
        return [.. from record in records
                   let names = string.Join(", ", users[ControlPlaneRecord.RevisionOf(record)])
                   where names.Length > 0
                   select (record, names)];
    }

    private async Task<bool> HasOtherIstiodAsync(List<string> revisions, CancellationToken cancellationToken)
    {
        var resource = await api.FindResourceAsync("apps", "Deployment", version: null, cancellationToken);
        await foreach (var istiod in api.ListAsync(resource!, null, new ListOptions { LabelSelector = "app=istiod" }, cancellationToken))
        {
            if (!revisions.Contains(istiod.Label(IstioNames.Revision) ?? ""))
                return true;
        }

        return false;
    }

    private async Task<List<PlanRow>> LeftoversAsync(List<PlanRow> records, HashSet<string> goingNamespaces, CancellationToken cancellationToken)
    {
        var rows = new List<PlanRow>();
        var configMaps = await api.FindResourceAsync("", "ConfigMap", version: null, cancellationToken);
        var options = new ListOptions { LabelSelector = ClusterLeftovers.EverywhereLabel, MetadataOnly = true };
        await foreach (var item in api.ListAsync(configMaps!, null, options, cancellationToken))
        {
            if (ClusterLeftovers.IsOfEveryNamespace(item))
                rows.Add(Row(item, PlanAction.Delete, ManifestRole.ControlPlane));
        }

        foreach (var home in records.Select(record => record.Namespace!).Distinct().Where(home => !goingNamespaces.Contains(home)))
        {
            foreach (var (group, kind) in new[] { ("", "ConfigMap"), ("coordination.k8s.io", "Lease"), ("", "ServiceAccount"), ("", "Secret") })
            {
                var resource = await api.FindResourceAsync(group, kind, version: null, cancellationToken);
                var named = new ListOptions { MetadataOnly = true, FieldSelector = kind == "Secret" ? $"metadata.name={ClusterLeftovers.RootSecret}" : null };
                await foreach (var item in api.ListAsync(resource!, home, named, cancellationToken))
                {
                    if (ClusterLeftovers.IsOfControlPlane(item) || IsNewRoot(item, records))
                        rows.Add(Row(item, PlanAction.Delete, ManifestRole.ControlPlane));
                }
            }
        }

        return [.. rows.Where(row => !goingNamespaces.Contains(row.Namespace!))];
    }

    private async Task<List<PlanRow>> CrdsAsync(bool unused, CancellationToken cancellationToken)
    {
        var rows = new List<PlanRow>();
        var resource = await api.FindResourceAsync("apiextensions.k8s.io", "CustomResourceDefinition", version: null, cancellationToken);
        await foreach (var crd in api.ListAsync(resource!, null, ListOptions.All, cancellationToken))
        {
            if (IstioObjectExport.IsIstios(crd))
                rows.Add(Row(crd, unused ? PlanAction.Delete : PlanAction.Keep, ManifestRole.ControlPlane) with { Reason = unused ? null : PlanningText.CrdsInUse });
        }

        return rows;
    }

    private static PlanRow Row(KubernetesObject item, PlanAction action, ManifestRole role) =>
        new() { Action = action, Role = role, Object = item.Reference, Basis = PlanBasis.Record, Live = item };
}
