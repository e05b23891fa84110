using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of splitting traffic, each made in one place.</summary>
internal static class TrafficErrors
{
    internal static MeshException Empty(string service) =>
        Error(nameof(TrafficText.TrafficSplitEmpty), MeshErrorCategory.InvalidArgument, service);

    internal static MeshException WeightInvalid(string subset, string weight) =>
        Error(nameof(TrafficText.TrafficWeightInvalid), MeshErrorCategory.InvalidArgument, subset, subset, weight);

    internal static MeshException WeightSum(IReadOnlyDictionary<string, int> weights) =>
        Error(nameof(TrafficText.TrafficWeightSum), MeshErrorCategory.InvalidArgument, weights.Values.Sum(), string.Join(" + ", weights.Select(weight => $"{weight.Key} {weight.Value}")), weights.Values.Sum());

    internal static MeshException HeaderIncomplete(string service) =>
        Error(nameof(TrafficText.TrafficHeaderIncomplete), MeshErrorCategory.InvalidArgument, service);

    internal static MeshException HeaderInvalid(string name) =>
        Error(nameof(TrafficText.TrafficHeaderInvalid), MeshErrorCategory.InvalidArgument, name, name);

    internal static MeshException ServiceNotFound(string service, string @namespace, string? nearest) =>
        Error(nameof(TrafficText.TrafficServiceNotFound), MeshErrorCategory.ObjectNotFound, service, service, @namespace, Meant(nearest));

    internal static MeshException SubsetNotFound(string subset, string service, string? nearest, IReadOnlyCollection<string> known) =>
        Error(nameof(TrafficText.TrafficSubsetNotFound), MeshErrorCategory.ObjectNotFound, subset, subset, service, Meant(nearest), Names(known));

    internal static MeshException VirtualServiceNotFound(ObjectReference reference, IEnumerable<string> known) =>
        Error(nameof(TrafficText.TrafficVirtualServiceNotFound), MeshErrorCategory.ObjectNotFound, reference, reference, Names(known));

    internal static MeshException VirtualServiceAmbiguous(string service, IEnumerable<string> found) =>
        Error(nameof(TrafficText.TrafficVirtualServiceAmbiguous), MeshErrorCategory.InvalidArgument, service, service, Names(found));

    internal static MeshException RouteNotFound(ObjectReference reference, string wanted, IEnumerable<string> known) =>
        Error(nameof(TrafficText.TrafficRouteNotFound), MeshErrorCategory.ObjectNotFound, reference, reference, wanted, Names(known));

    internal static MeshException RouteAmbiguous(ObjectReference reference, string service, IEnumerable<string> found) =>
        Error(nameof(TrafficText.TrafficRouteAmbiguous), MeshErrorCategory.InvalidArgument, reference, reference, service, Names(found));

    internal static MeshException RouteForeign(ObjectReference reference, string route, string host) =>
        Error(nameof(TrafficText.TrafficRouteForeign), MeshErrorCategory.InvalidOperation, reference, reference, route, host);

    internal static MeshException Owned(ObjectReference reference, IEnumerable<ManagingTool> owners) =>
        Error(nameof(TrafficText.TrafficSplitOwned), MeshErrorCategory.ResourceExists, reference, reference, string.Join(", ", owners));

    private static string Meant(string? nearest) => nearest is null ? "" : MeshException.Format(TrafficText.Meant, nearest);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));

    private static MeshException Error(string id, MeshErrorCategory category, object? target, params object?[] arguments) =>
        MeshException.FromText(TrafficText.ResourceManager, id, category, target, innerException: null, arguments);
}
