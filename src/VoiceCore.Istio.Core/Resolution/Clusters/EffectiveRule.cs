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

    /// <summary>What each of the rules brings in: the policy, which one of them gives, and the subsets that no older one has.</summary>
    internal IEnumerable<(DestinationRule Rule, bool GivesPolicy, IReadOnlyList<string> Subsets)> Parts()
    {
        var merged = default(EffectiveRule);
        foreach (var rule in Rules)
        {
            var before = merged;
            merged = merged?.Merge(rule) ?? new EffectiveRule(rule, rule.Policy, rule.Subsets);
            yield return (
                rule,
                before?.Policy is null && merged.Policy is not null,
                merged.Subsets.Skip(before?.Subsets.Count ?? 0).Select(subset => subset.Name).ToArray());
        }
    }
}
