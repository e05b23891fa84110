namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// <c>serviceEntryVisibility</c> of the mesh config, where it applies to sidecars: how far the ServiceEntries of a namespace are seen.
/// Source: pilot/pkg/model/serviceentry_visibility.go.
/// </summary>
/// <param name="Default"><c>PUBLIC</c>, <c>NAMESPACE</c> or <c>NONE</c>, where no policy is for the namespace.</param>
/// <param name="Policies">The policies in order: the first for a namespace counts.</param>
public sealed record ServiceEntryVisibility(string Default, IReadOnlyList<ServiceEntryVisibilityPolicy> Policies)
{
    internal string Of(LabelSet namespaceLabels) => Policies.FirstOrDefault(policy => policy.Namespaces.All(selector => selector.Matches(namespaceLabels)))?.Visibility ?? Default;
}

/// <summary>A policy of <see cref="ServiceEntryVisibility"/>.</summary>
/// <param name="Visibility"><c>PUBLIC</c>, <c>NAMESPACE</c> or <c>NONE</c>.</param>
/// <param name="Namespaces">The namespaces that it is for: those that all of these match.</param>
public sealed record ServiceEntryVisibilityPolicy(string Visibility, IReadOnlyList<LabelSelector> Namespaces);
