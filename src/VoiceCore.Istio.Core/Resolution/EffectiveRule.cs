using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The DestinationRules of one namespace and host as one: the oldest says the policy, subsets of all are taken together.
/// </summary>
/// <param name="First">The oldest of them, which is the one that Istio names.</param>
/// <param name="Policy">The first policy that any of them gives; null where none does.</param>
/// <param name="Subsets">The subsets; of two with one name, the older rule's.</param>
public sealed record EffectiveRule(DestinationRule First, TrafficPolicy? Policy, IReadOnlyList<Subset> Subsets)
{
    /// <summary>All the rules that were merged, the oldest first.</summary>
    public IReadOnlyList<DestinationRule> Rules { get; init; } = [First];

    internal EffectiveRule Merge(DestinationRule rule) => this with
    {
        Policy = Policy ?? rule.Policy,
        Subsets = [.. Subsets, .. rule.Subsets.Where(subset => !Subsets.Any(known => known.Name == subset.Name))],
        Rules = [.. Rules, rule],
    };
}
