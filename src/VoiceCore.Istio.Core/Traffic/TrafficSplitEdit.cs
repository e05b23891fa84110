using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>Makes of a VirtualService what a request asks for, and leaves everything else of it as it is. Pure.</summary>
internal sealed class TrafficSplitEdit
{
    private readonly KubernetesObject _virtualService;
    private readonly TrafficSplitRequest _request;
    private readonly string _clusterDomain;
    private readonly string _host;
    private readonly JsonArray _routes;

    private TrafficSplitEdit(KubernetesObject virtualService, TrafficSplitRequest request, string clusterDomain)
    {
        _virtualService = virtualService;
        _request = request;
        _clusterDomain = clusterDomain;
        _host = HostName.Complete(request.Service, request.Namespace, clusterDomain);
        _routes = virtualService.Json["spec"]?["http"] as JsonArray ?? [];
    }

    /// <summary>The VirtualService as it is to be; the given one is not changed.</summary>
    /// <exception cref="MeshException"><c>TrafficRouteNotFound</c>, <c>TrafficRouteAmbiguous</c>, <c>TrafficRouteForeign</c>.</exception>
    internal static KubernetesObject Apply(KubernetesObject virtualService, TrafficSplitRequest request, string clusterDomain)
    {
        var edit = new TrafficSplitEdit(virtualService.Clone(), request, clusterDomain);
        edit.Apply();
        return edit._virtualService;
    }

    private void Apply()
    {
        var route = Find();
        if (_request.Weights is not null)
            SetWeights(route, _request.Shares());
        if (_request.Headers is not null)
            SetHeaders(route, HeaderRoute.Match(route, HeaderRoute.Exactly(_request.Headers)));
        if (_request.RemoveMirror)
            RemoveMirror(route);
        if (_request.Mirror is { } mirror)
            SetMirror(route, mirror);
    }

    private JsonObject Find()
    {
        var own = _routes.OfType<JsonObject>().Where(route => Destinations(route).Any(LeadsToService)).ToList();
        if (_request.Route is { } wanted)
        {
            var chosen = own.Find(route => (string?)route["name"] == wanted)
                ?? own.Find(route => _routes.IndexOf(route).ToString(CultureInfo.InvariantCulture) == wanted)
                ?? throw TrafficErrors.RouteNotFound(_virtualService.Reference, wanted, own.Select(Name));

            // The route that was made in front of the chosen one has its number now.
            return own.SkipWhile(route => route != chosen).Skip(1).FirstOrDefault(behind => IsAsked(chosen, behind)) ?? chosen;
        }

        var candidates = own.Where((route, index) => !own.Skip(index + 1).Any(behind => HeaderRoute.IsInFrontOf(route, behind))).ToList();
        return candidates.Count switch
        {
            0 => throw TrafficErrors.RouteNotFound(_virtualService.Reference, _request.Service, _routes.OfType<JsonObject>().Select(Name)),
            1 => candidates[0],
            _ => throw TrafficErrors.RouteAmbiguous(_virtualService.Reference, _request.Service, candidates.Select(Name)),
        };
    }

    private bool IsAsked(JsonObject front, JsonObject route) =>
        _request.Headers is not null && HeaderRoute.IsInFrontOf(front, route) && JsonNode.DeepEquals(front["match"], HeaderRoute.Match(route, HeaderRoute.Exactly(_request.Headers)));

    // What is there keeps its place and its other fields; what gets nothing stays with weight 0, which Envoy leaves out.
    private void SetWeights(JsonObject route, IReadOnlyDictionary<string, int> shares)
    {
        var list = (JsonArray)route["route"]!;
        if (Destinations(route).FirstOrDefault(destination => !LeadsToService(destination)) is { } foreign)
            throw TrafficErrors.RouteForeign(_virtualService.Reference, Name(route), (string?)foreign["destination"]?["host"] ?? "");
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var destination in Destinations(route).Where(destination => Subset(destination).Length > 0))
        {
            var weight = known.Add(Subset(destination)) ? shares.GetValueOrDefault(Subset(destination)) : 0;
            if (((int?)destination["weight"] ?? 0) != weight)
                destination["weight"] = weight;
        }

        var added = shares.Where(share => !known.Contains(share.Key)).Select(share => Destination(route, share.Key, share.Value)).ToList();
        foreach (var whole in Destinations(route).Where(destination => Subset(destination).Length == 0).ToList())
            list.Remove(whole);
        foreach (var destination in added)
            list.Add(destination);
    }

    private void SetHeaders(JsonObject route, JsonArray match)
    {
        var place = _routes.IndexOf(route);
        var front = _routes.Take(place).OfType<JsonObject>().FirstOrDefault(earlier => JsonNode.DeepEquals(earlier["match"], match));
        if (_request.RemoveHeader)
        {
            if (front is not null)
                _routes.Remove(front);
            return;
        }

        var destination = Destination(route, _request.Subset!, weight: null);
        if (front is null)
            _routes.Insert(place, HeaderRoute.Create(route, match, destination));
        else if (front["route"] is not JsonArray { Count: 1 } one || Subset((JsonObject)one[0]!) != _request.Subset)
            front["route"] = new JsonArray(destination);
    }

    // "mirror" and "mirrors" exclude each other (ValidateVirtualService in pkg/config/validation).
    private void SetMirror(JsonObject route, string subset)
    {
        if (route["mirrors"] is JsonArray { Count: > 0 } mirrors)
        {
            var policy = mirrors.OfType<JsonObject>().FirstOrDefault(one => LeadsToService(one) && Subset(one) == subset);
            if (policy is null)
                mirrors.Add(policy = new JsonObject { ["destination"] = Place(route, subset) });
            SetPercentage(policy, "percentage");
            return;
        }

        if (route["mirror"] is not JsonObject mirror || Complete(mirror) != _host || ((string?)mirror["subset"] ?? "") != subset)
            route["mirror"] = Place(route, subset);
        route.Remove("mirrorPercent");
        route.Remove("mirror_percent");
        SetPercentage(route, "mirrorPercentage");
    }

    private void SetPercentage(JsonObject parent, string field)
    {
        if ((double?)parent[field]?["value"] != _request.MirrorPercentage)
            parent[field] = new JsonObject { ["value"] = _request.MirrorPercentage };
    }

    private static void RemoveMirror(JsonObject route)
    {
        foreach (var field in HeaderRoute.Mirroring)
            route.Remove(field);
    }

    // A destination without a subset is the model of all: what it does with headers holds for each part of it.
    private JsonObject Destination(JsonObject route, string subset, int? weight)
    {
        var model = Destinations(route).FirstOrDefault(destination => LeadsToService(destination) && Subset(destination) == subset)
            ?? Destinations(route).FirstOrDefault(destination => LeadsToService(destination) && Subset(destination).Length == 0);
        var made = model is null ? [] : (JsonObject)model.DeepClone();
        made["destination"] = Place(route, subset);
        made.Remove("weight");
        if (weight is { } value)
            made["weight"] = value;
        return made;
    }

    private JsonObject Place(JsonObject route, string subset)
    {
        var place = (JsonObject)Destinations(route).First(LeadsToService)["destination"]!.DeepClone();
        place["subset"] = subset;
        return place;
    }

    private static IEnumerable<JsonObject> Destinations(JsonObject route) => (route["route"] as JsonArray ?? []).OfType<JsonObject>();

    private static string Subset(JsonObject destination) => (string?)destination["destination"]?["subset"] ?? "";

    private bool LeadsToService(JsonObject destination) => Complete(destination["destination"]) == _host;

    private string Complete(JsonNode? place) => HostName.Complete((string?)place?["host"] ?? "", _virtualService.Namespace ?? _request.Namespace, _clusterDomain);

    private string Name(JsonObject route)
    {
        var place = _routes.IndexOf(route).ToString(CultureInfo.InvariantCulture);
        return (string?)route["name"] is { Length: > 0 } name ? $"{place} ({name})" : place;
    }
}
