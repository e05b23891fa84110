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

    /// <summary>
    /// The policy for a service port: an entry of the port replaces the rule's own as a whole, and a subset's parts replace those.
    /// Null where nothing is said.
    /// </summary>
    public TrafficPolicy? PolicyFor(int port, string subset = "")
    {
        var own = Subsets.FirstOrDefault(item => item.Name == subset)?.Policy;
        return Policy is null && own is null
            ? null
            : TrafficPolicies.OfSubset(TrafficPolicies.OfPort(Policy, port, MeshConfig.Default), own, port);
    }

    internal EffectiveRule Merge(DestinationRule rule) => this with
    {
        Policy = Policy ?? rule.Policy,
        Subsets = [.. Subsets, .. rule.Subsets.Where(subset => !Subsets.Any(known => known.Name == subset.Name))],
        Rules = [.. Rules, rule],
    };
}
