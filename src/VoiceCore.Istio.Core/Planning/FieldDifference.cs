namespace VoiceCore.Istio.Core.Planning;

/// <summary>One field that is not as it is wanted.</summary>
/// <param name="Path">The field as the API server writes it, such as <c>.spec.containers[name="istio-proxy"].image</c>.</param>
/// <param name="Live">The value in the cluster: a scalar as it is, anything else as JSON; null where there is none.</param>
/// <param name="Wanted">The wanted value in the same form; null where the field goes.</param>
/// <param name="Owners">The field managers that own the live value (<c>metadata.managedFields</c>); empty where nobody does.</param>
public sealed record FieldDifference(string Path, string? Live, string? Wanted, IReadOnlyList<string> Owners)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Live ?? "(none)"} -> {Wanted ?? "(none)"}";
}
