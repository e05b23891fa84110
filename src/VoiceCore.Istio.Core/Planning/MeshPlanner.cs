using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>Compares a definition with a cluster. Sends reads and <c>dryRun=All</c> only.</summary>
public sealed class MeshPlanner(KubernetesApi api, IIstioctl istioctl)
{
    private const int AtATime = 8;

    // The first release whose CRDs serve v1 (manifests/charts/base of each release).
    private static readonly IstioVersion FirstStable = new(1, 22, 0, "1.22.0");

    private readonly ObjectPlanner _objects = new(api);
    private readonly ControlPlanePlanner _controlPlane = new(api);
    private readonly LeftoverPlanner _leftovers = new(api);

    /// <summary>What installing would do.</summary>
    /// <exception cref="MeshException">
    /// <c>ImageMissing</c>, <c>ClusterForbidden</c> where not even namespaces may be read, and the errors of reading, rendering and istioctl.
    /// </exception>
    public async Task<MeshPlan> PlanAsync(MeshInstallRequest request, IActivityLog log, CancellationToken cancellationToken)
    {
        var definition = request.Definition;
        if (request.IncludeWorkloads && definition.Services.FirstOrDefault(service => definition.ImageOf(service) is null) is { } service)
            throw PlanningErrors.ImageMissing(service.Name);

        // The first question to the cluster: who may not even ask this can plan nothing.
        log.Progress(PlanningText.PlanActivity, PlanningText.AskingCluster);
        await api.GetAsync(new ObjectReference("", "Namespace", null, definition.ControlPlane.Namespace), cancellationToken);

        var version = await istioctl.GetClientVersionAsync(cancellationToken);
        var revision = request.Revision ?? version.DefaultRevision;
        var rendered = MeshRenderer.Render(definition, new RenderOptions
        {
            Revision = revision,
            Hub = request.Hub,
            ApiVersions = await ApiVersionsAsync(version, cancellationToken),
            PrometheusRules = await api.FindResourceAsync("monitoring.coreos.com", "PrometheusRule", "v1", cancellationToken) is not null,
        });
        var controlPlane = new ControlPlaneRequest
        {
            Revision = revision,
            OperatorDocuments = [.. rendered.Objects.Where(item => item.Role == ManifestRole.ControlPlane).Select(RenderedText.Of)],
        };

        log.Progress(PlanningText.PlanActivity, PlanningText.Comparing);
        var rows = new List<PlanRow>();
        rows.AddRange(await OwnAsync(rendered, item => item.Role == ManifestRole.Namespace, cancellationToken));
        rows.AddRange(await ControlPlaneAsync(definition, revision, controlPlane, cancellationToken));
        rows.AddRange(await OwnAsync(
            rendered,
            item => item.Role is ManifestRole.Policy or ManifestRole.Traffic or ManifestRole.Gateway || (item.Role == ManifestRole.Workload && request.IncludeWorkloads),
            cancellationToken));
        rows.AddRange(await _leftovers.PlanAsync(request, rendered, log, cancellationToken));
        return new MeshPlan(definition, revision, rows, rendered.Findings, controlPlane);
    }

    private async Task<IstioApiVersions> ApiVersionsAsync(IstioVersion version, CancellationToken cancellationToken)
    {
        if (await api.FindResourceAsync("networking.istio.io", "DestinationRule", version: null, cancellationToken) is { } served)
            return served.Version == IstioApiVersions.StableName ? IstioApiVersions.Stable : IstioApiVersions.Common;
        return version.CompareTo(FirstStable) < 0 ? IstioApiVersions.Common : IstioApiVersions.Stable;
    }

    private Task<PlanRow[]> OwnAsync(RenderedMesh mesh, Func<RenderedObject, bool> which, CancellationToken cancellationToken) =>
        AllAsync([.. mesh.Objects.Where(which).OrderBy(item => item.Role)], item => _objects.PlanAsync(item, cancellationToken));

    private async Task<IReadOnlyList<PlanRow>> ControlPlaneAsync(MeshDefinition definition, string revision, ControlPlaneRequest request, CancellationToken cancellationToken)
    {
        var manifest = ManifestDocuments.Read(await istioctl.GenerateManifestAsync(request, cancellationToken));
        var autoscaled = ControlPlanePlanner.Autoscaled(manifest);
        var rows = await AllAsync(manifest, item => _controlPlane.PlanAsync(item, autoscaled, cancellationToken));
        if (await FindIstiodElsewhereAsync(definition, revision, cancellationToken) is { } elsewhere)
            return [.. rows, elsewhere];

        // A control plane that somebody else installed stays theirs: no record of it is made.
        if (await RecordAsync(definition, revision, cancellationToken) is not { } record)
            return rows;
        var istiodIsThere = rows.Any(row => row is { Kind: "Deployment", Action: not PlanAction.Create });
        return record.Action == PlanAction.Create && istiodIsThere ? rows : [record, .. rows];
    }

    private async Task<PlanRow?> RecordAsync(MeshDefinition definition, string revision, CancellationToken cancellationToken)
    {
        var home = definition.ControlPlane.Namespace;
        var live = await api.GetAsync(new ObjectReference("", "ConfigMap", home, ControlPlaneRecord.NameOf(revision)), cancellationToken);
        if (live is not null && !Manifest.IsOf(definition.Product, live))
            return null;

        // What was so when the record was written stays so.
        var madeRoot = live is not null ? ControlPlaneRecord.MadeRoot(live) : !await HasRootAsync(home, cancellationToken);
        return await _objects.PlanAsync(ControlPlaneRecord.Render(definition, revision, madeRoot), cancellationToken);
    }

    // Its name alone is asked for. Who may not know is not the one who installs.
    private async Task<bool> HasRootAsync(string ns, CancellationToken cancellationToken)
    {
        var secrets = await api.FindResourceAsync("", "Secret", version: null, cancellationToken);
        var options = new ListOptions { FieldSelector = $"metadata.name={ClusterLeftovers.RootSecret}", MetadataOnly = true };
        try
        {
            await using var found = api.ListAsync(secrets!, ns, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            return await found.MoveNextAsync();
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
        {
            return true;
        }
    }

    // By its label, in whatever namespace: the AKS add-on has its own.
    private async Task<PlanRow?> FindIstiodElsewhereAsync(MeshDefinition definition, string revision, CancellationToken cancellationToken)
    {
        var deployments = await api.FindResourceAsync("apps", "Deployment", version: null, cancellationToken);
        await foreach (var istiod in api.ListAsync(deployments!, null, new ListOptions { LabelSelector = $"app=istiod,istio.io/rev={revision}" }, cancellationToken))
        {
            if (istiod.Namespace == definition.ControlPlane.Namespace)
                continue;
            return new PlanRow
            {
                Action = PlanAction.Conflict,
                Role = ManifestRole.ControlPlane,
                Object = istiod.Reference,
                Basis = PlanBasis.Manifest,
                Reason = MeshException.Format(PlanningText.RevisionElsewhere, revision, istiod.Namespace, definition.ControlPlane.Namespace),
                Live = istiod,
            };
        }

        return null;
    }

    private static async Task<PlanRow[]> AllAsync<T>(IReadOnlyList<T> items, Func<T, Task<PlanRow>> plan)
    {
        var rows = new PlanRow[items.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
                rows[i] = await plan(items[i]);
        }));
        return rows;
    }
}
