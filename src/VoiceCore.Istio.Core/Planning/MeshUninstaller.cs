using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Carries out what <see cref="MeshUninstallPlanner"/> found, in the order of its rows. What was broken off is completed by the next run:
/// the marks go with the objects, and the record of a control plane goes after all that only it leads to.
/// </summary>
public sealed class MeshUninstaller
{
    private readonly KubernetesApi _api;
    private readonly IIstioctl? _istioctl;
    private readonly IActivityLog _log;
    private readonly MeshWaits _waits;

    /// <summary>
    /// Each single wait may take <paramref name="timeout"/>. A plan that removes no control plane needs no <paramref name="istioctl"/>.
    /// </summary>
    public MeshUninstaller(KubernetesApi api, IIstioctl? istioctl, TimeSpan timeout, IActivityLog log)
    {
        _api = api;
        _istioctl = istioctl;
        _log = log;
        _waits = new MeshWaits(api, PlanningText.UninstallActivity, timeout, TimeProvider.System, log);
    }

    /// <summary>
    /// Carries the plan out. Where it removes Istio's kinds, their objects are written to <paramref name="exportFolder"/> before anything else.
    /// A control plane that does not go ends everything: what is left would serve nobody.
    /// </summary>
    public async IAsyncEnumerable<MeshStep> ApplyAsync(UninstallPlan plan, string? exportFolder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var crds = plan.Rows.Where(UninstallPlan.IsGoingCrd).Select(row => row.Live!).ToList();
        if (exportFolder is not null && crds.Count > 0)
        {
            var error = await Attempt.Async(async () => _log.Verbose(MeshException.Format(
                PlanningText.Exported, await IstioObjectExport.WriteAsync(_api, crds, exportFolder, cancellationToken), exportFolder)));
            if (error is not null)
            {
                yield return new MeshStep(null, error);
                yield break;
            }
        }

        // Their pods take their time to end, all at once. Namespaces come last and are waited for one by one.
        var ending = new List<ObjectReference>();
        var done = 0;
        var isLeft = false;
        foreach (var row in plan.Rows)
        {
            _log.Progress(PlanningText.UninstallActivity, row.Object.ToString(), 100 * done++ / plan.Rows.Count);

            // What istiod left behind is found through the record alone: the next run needs it.
            if (row.Action == PlanAction.Keep || (isLeft && plan.EndsRecord(row)))
            {
                yield return new MeshStep(row);
                continue;
            }

            var error = await Attempt.Async(() => row.Action == PlanAction.Restore ? RestoreAsync(row, cancellationToken) : RemoveAsync(row, cancellationToken));
            yield return new MeshStep(row with { Applied = error is null }, error);
            if (error is not null && row.Revision is not null)
                yield break;
            isLeft |= error is not null && (row.Role == ManifestRole.ControlPlane || plan.EndsRecord(row));
            if (error is null && row is { Kind: "Deployment", Action: PlanAction.Delete, Revision: null })
                ending.Add(row.Object);
        }

        foreach (var deployment in ending)
        {
            if (await Attempt.Async(() => _waits.GoneAsync(deployment, cancellationToken)) is { } late)
                yield return new MeshStep(null, late);
        }
    }

    private async Task RemoveAsync(PlanRow row, CancellationToken cancellationToken)
    {
        if (row.Revision is { } revision)
        {
            await _istioctl!.UninstallAsync(revision, _log, cancellationToken);
            await _waits.GoneAsync(row.Object, cancellationToken);
            return;
        }

        var foreground = row.Kind is "Namespace" or "Deployment" or "CustomResourceDefinition";
        await _api.DeleteAsync(
            row.Object,
            new DeleteOptions { Uid = (string?)row.Live?.Json["metadata"]?["uid"], PropagationPolicy = foreground ? "Foreground" : "Background" },
            cancellationToken);
        if (row.Kind is "Namespace" or "CustomResourceDefinition")
            await _waits.GoneAsync(row.Object, cancellationToken);
    }

    // What was replaced comes back, and then nothing of it is ours any more.
    private async Task RestoreAsync(PlanRow row, CancellationToken cancellationToken)
    {
        if (InstallMarks.Patch(row.Live!) is { } patch)
            await _api.MergePatchAsync(row.Object, patch, new WriteOptions(), cancellationToken);

        var released = new JsonObject
        {
            ["apiVersion"] = row.Live!.ApiVersion,
            ["kind"] = row.Kind,
            ["metadata"] = new JsonObject { ["name"] = row.Name, ["namespace"] = row.Namespace },
        };
        await _api.ApplyAsync(new KubernetesObject(released.WithoutNulls()), new ApplyOptions(), cancellationToken);
    }
}
