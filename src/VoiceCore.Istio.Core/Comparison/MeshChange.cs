using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>A difference between two states of a mesh: a verdict that is otherwise, with what can have caused it, or an object.</summary>
/// <param name="Area">What it is about.</param>
/// <param name="Action">How it differs.</param>
/// <param name="Namespace">The namespace; empty for what is in none.</param>
/// <param name="Subject">Such as <c>shop/web:80</c> for a verdict about a service, <c>Deployment shop/web</c> for one about a workload, or the object.</param>
/// <param name="Clients">The clients whose verdict it is, by namespace, or as namespace/app where those of a namespace differ; none where it is nobody's in particular.</param>
/// <param name="Before">The earlier verdict in short; null for an object, and where there was none.</param>
/// <param name="After">The later verdict in short; null for an object, and where there is none.</param>
/// <param name="Fields">What of it differs: the earlier value is the live one, the later one the wanted one.</param>
/// <param name="Causes">The objects whose differences can have caused it; none for an object.</param>
public sealed record MeshChange(
    MeshChangeArea Area,
    MeshChangeAction Action,
    string Namespace,
    string Subject,
    IReadOnlyList<string> Clients,
    string? Before,
    string? After,
    IReadOnlyList<FieldDifference> Fields,
    IReadOnlyList<string> Causes);
