using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>
/// Changes how the requests for a service are split. What is sent is a merge patch of <c>spec.http</c> with the version that was read:
/// in Istio's CRDs that list has no keys, so that server-side apply would own all of it, and with it every time-out and retry that others
/// state there, and would refuse what they write. The patch replaces the list by the same one with the changed routes; the version makes
/// sure that nobody's change in between is lost.
/// </summary>
public sealed class TrafficSplitWriter(KubernetesApi api)
{
    private const int Tries = 5;
    private const string Group = "networking.istio.io";
    private const string Kind = "VirtualService";

    /// <summary>The field manager: another than that of installations, so that these see that a split is none of their doing.</summary>
    public const string Manager = FieldManagers.VoiceCore + "-traffic";

    private static readonly ManagingTool[] Keepers = [ManagingTool.ArgoRollouts, ManagingTool.Flagger, ManagingTool.ArgoCD, ManagingTool.Flux];

    // The kinds by which Argo Rollouts and Flagger name the VirtualServices that they keep: these need not carry a mark.
    private static readonly string[] Controllers = ["Rollout", "Canary"];

    private MeshSnapshot _snapshot = MeshSnapshot.Empty;
    private TrafficSplitResolver _splits = new(MeshSnapshot.Empty);

    /// <summary>What would be done. Sends reads only.</summary>
    /// <exception cref="MeshException">
    /// What the request says cannot be: <c>TrafficSplitEmpty</c>, <c>TrafficWeightInvalid</c>, <c>TrafficWeightSum</c>,
    /// <c>TrafficHeaderIncomplete</c>, <c>TrafficHeaderInvalid</c>, <c>TrafficServiceNotFound</c>, <c>TrafficSubsetNotFound</c>,
    /// <c>TrafficVirtualServiceNotFound</c>, <c>TrafficVirtualServiceAmbiguous</c>, <c>TrafficRouteNotFound</c>, <c>TrafficRouteAmbiguous</c>,
    /// <c>TrafficRouteForeign</c>; or <c>TrafficSplitOwned</c>; and the errors of reading.
    /// </exception>
    public async Task<TrafficSplitChange> PlanAsync(TrafficSplitRequest request, IActivityLog log, CancellationToken cancellationToken)
    {
        request.Check();
        _snapshot = await ClusterSnapshot.ReadAsync(api, log, cancellationToken);
        _splits = new TrafficSplitResolver(_snapshot);
        var host = HostName.Complete(request.Service, request.Namespace, _snapshot.ClusterDomain);
        CheckSubsets(request, host);

        if (Find(request, host) is not { } record)
        {
            var created = await NewAsync(request, cancellationToken);
            return request.OnlyRemoves ? new TrafficSplitChange(request, created) { Action = PlanAction.Unchanged } : Change(created, request, isNew: true);
        }

        var reference = new ObjectReference(Group, Kind, record.Namespace, record.Name);
        var change = Change(await LiveAsync(reference, cancellationToken), request, isNew: false);
        if (change.Action == PlanAction.Update && !request.Force && _snapshot.Unlisted.Where(Controllers.Contains).ToList() is { Count: > 0 } unlisted)
            log.Warning(MeshException.Format(TrafficText.OwnersUnknown, reference, string.Join(" and ", unlisted)));
        return change;
    }

    /// <summary>Carries a plan of this writer out. Where somebody else changed the VirtualService meanwhile, it is read and changed again.</summary>
    /// <exception cref="MeshException"><c>ObjectChanged</c> where others never stop changing it; as <see cref="PlanAsync"/>; and the errors of writing.</exception>
    public async Task<TrafficSplitChange> ApplyAsync(TrafficSplitChange plan, CancellationToken cancellationToken)
    {
        var options = new WriteOptions { FieldManager = Manager };
        if (plan.Action == PlanAction.Create)
            return Done(plan, await api.CreateAsync(plan.Wanted, options, cancellationToken));

        for (var tries = 1; plan.Action == PlanAction.Update; tries++)
        {
            try
            {
                var patch = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = plan.Wanted.ResourceVersion },
                    ["spec"] = new JsonObject { ["http"] = plan.Wanted.Json["spec"]!["http"]!.DeepClone() },
                };
                return Done(plan, await api.MergePatchAsync(plan.Object, patch, options, cancellationToken));
            }
            catch (MeshException error) when (error.Id == nameof(KubernetesText.ObjectChanged) && tries < Tries)
            {
                plan = Change(await LiveAsync(plan.Object, cancellationToken), plan.Request, isNew: false);
            }
        }

        return plan;
    }

    private TrafficSplitChange Done(TrafficSplitChange plan, KubernetesObject after) => plan with { Applied = true, After = Rows(after) };

    private TrafficSplitChange Change(KubernetesObject before, TrafficSplitRequest request, bool isNew)
    {
        if (!isNew && !request.Force && _splits.OwnersOf(Read(before)).Where(Keepers.Contains).ToList() is { Count: > 0 } owners)
            throw TrafficErrors.Owned(before.Reference, owners);
        var rows = Rows(before);
        var wanted = TrafficSplitEdit.Apply(before, request with { Route = Place(before.Reference, rows, request) }, _snapshot.ClusterDomain);
        var isSame = JsonNode.DeepEquals(before.Json["spec"], wanted.Json["spec"]);
        return new TrafficSplitChange(request, wanted)
        {
            Action = isNew ? PlanAction.Create : isSame ? PlanAction.Unchanged : PlanAction.Update,
            Before = isNew ? [] : rows,
            After = Rows(wanted),
        };
    }

    // What a route takes tells which one is meant, its number only where several take the same: routes in front of it may have come or gone.
    private static string? Place(ObjectReference reference, MeshTrafficSplit[] rows, TrafficSplitRequest request)
    {
        if (request.Match is null)
            return request.Route;
        var alike = rows.Where(row => row.Match == request.Match).ToList();
        var found = alike.Find(row => row.RouteName == request.Route || Number(row) == request.Route) ?? alike switch
        {
            [var only] => only,
            [] => throw TrafficErrors.RouteNotFound(reference, request.Match, rows.Select(Name)),
            _ => throw TrafficErrors.RouteAmbiguous(reference, request.Service, alike.Select(Name)),
        };
        return Number(found);

        static string Number(MeshTrafficSplit row) => row.Route.ToString(CultureInfo.InvariantCulture);
        static string Name(MeshTrafficSplit row) => $"{Number(row)} ({row.Match})";
    }

    private async Task<KubernetesObject> LiveAsync(ObjectReference reference, CancellationToken cancellationToken) =>
        await api.GetAsync(reference, cancellationToken) ?? throw TrafficErrors.VirtualServiceNotFound(reference, []);

    // Every request for the service, and to all of it: what a caller has without a VirtualService.
    private async Task<KubernetesObject> NewAsync(TrafficSplitRequest request, CancellationToken cancellationToken)
    {
        var resource = await api.FindResourceAsync(Group, Kind, version: null, cancellationToken);
        return new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = resource?.ApiVersion ?? $"{Group}/v1",
            ["kind"] = Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = request.Service.Split('.')[0],
                ["namespace"] = request.Namespace,
                ["labels"] = new JsonObject { [Manifest.ManagedBy] = Manifest.Manager },
            },
            ["spec"] = new JsonObject
            {
                ["hosts"] = new JsonArray(request.Service),
                ["http"] = new JsonArray(new JsonObject
                {
                    ["route"] = new JsonArray(new JsonObject { ["destination"] = new JsonObject { ["host"] = request.Service } }),
                }),
            },
        });
    }

    // Null: there is none yet.
    private VirtualService? Find(TrafficSplitRequest request, string host)
    {
        if (request.VirtualService is { } name)
        {
            var known = _snapshot.VirtualServices.Where(one => one.Namespace == request.Namespace).ToList();
            return known.Find(one => one.Name == name)
                ?? throw TrafficErrors.VirtualServiceNotFound(new ObjectReference(Group, Kind, request.Namespace, name), known.Select(one => one.Name));
        }

        var found = _snapshot.VirtualServices
            .Where(one => one.Hosts.Any(written => HostName.Complete(written, one.Namespace, _snapshot.ClusterDomain) == host))
            .ToList();
        return found.Count <= 1 ? found.FirstOrDefault() : throw TrafficErrors.VirtualServiceAmbiguous(request.Service, found.Select(one => one.Key));
    }

    private void CheckSubsets(TrafficSplitRequest request, string host)
    {
        var rule = _splits.RuleOf(request.Namespace, host);
        var services = _snapshot.Services.Where(one => one.Namespace == request.Namespace).Select(one => one.Name).ToList();
        if (rule is null && !_snapshot.Services.Any(one => HostName.Of(one, _snapshot.ClusterDomain) == host))
            throw TrafficErrors.ServiceNotFound(request.Service, request.Namespace, NearestName.Find(request.Service, services));
        var known = rule?.Subsets.Select(subset => subset.Name).ToList() ?? [];
        if (request.Subsets.FirstOrDefault(subset => !known.Contains(subset)) is { } unknown)
            throw TrafficErrors.SubsetNotFound(unknown, request.Service, NearestName.Find(unknown, known), known);
    }

    private MeshTrafficSplit[] Rows(KubernetesObject virtualService) => _splits.Resolve(Read(virtualService)).ToArray();

    private static VirtualService Read(KubernetesObject virtualService)
    {
        var reader = new MeshSnapshotReader();
        reader.AddJson(Encoding.UTF8.GetBytes(virtualService.Json.ToJsonString()), virtualService.ToString());
        return reader.Build().VirtualServices[0];
    }
}
