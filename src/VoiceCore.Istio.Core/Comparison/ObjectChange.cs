using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>An object that differs between two states of a mesh.</summary>
/// <param name="Action">How it differs.</param>
/// <param name="Kind">Its kind. The pods of a workload are one object, and so are the endpoints of a service: single ones come and go.</param>
/// <param name="Namespace">The namespace, or empty.</param>
/// <param name="Name">The name.</param>
/// <param name="Before">The earlier record; null where there was none. For pods, one of them.</param>
/// <param name="After">The later record; null where there is none.</param>
/// <param name="Fields">The fields that differ; none for what was added or removed.</param>
internal sealed record ObjectChange(
    MeshChangeAction Action, string Kind, string Namespace, string Name, MeshObject? Before, MeshObject? After, IReadOnlyList<FieldDifference> Fields)
{
    internal const string MeshConfig = "MeshConfig";
    internal const string Pods = "Pods";
    internal const string Endpoints = "Endpoints";

    internal string Subject => Name.Length == 0 ? Kind : $"{Kind} {(Namespace.Length == 0 ? Name : $"{Namespace}/{Name}")}";

    internal bool Any(Func<MeshObject, bool> holds) => (Before is not null && holds(Before)) || (After is not null && holds(After));
}
