using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Rules of one namespace for one host, merged: the first gives the policy, all give subsets.</summary>
internal sealed class ResolvedDestinationRule
{
    private readonly List<DestinationRule> _from = [];
    private readonly List<Subset> _subsets = [];

    internal ResolvedDestinationRule(DestinationRule rule, string[] exportTo)
    {
        ExportTo = exportTo;
        First = rule;
        Add(rule);
    }

    /// <summary><c>exportTo</c> as written, sorted, which is what decides about merging.</summary>
    internal string[] ExportTo { get; }

    /// <summary>The rule that Istio names.</summary>
    internal DestinationRule First { get; }

    internal IReadOnlyList<DestinationRule> From => _from;

    internal TrafficPolicy? Policy { get; private set; }

    /// <summary>The rule whose policy is used; null where none has one.</summary>
    internal DestinationRule? PolicyFrom { get; private set; }

    internal IReadOnlyList<Subset> Subsets => _subsets;

    internal LabelSet? WorkloadSelector => First.WorkloadSelector;

    internal bool IsExportedTo(string @namespace) => ExportTo.Length == 0 || ExportTo.Contains("*") || ExportTo.Contains(@namespace);

    internal void Add(DestinationRule rule)
    {
        _from.Add(rule);
        foreach (var subset in rule.Subsets)
        {
            if (!_subsets.Exists(known => known.Name == subset.Name) || ReferenceEquals(rule, First))
                _subsets.Add(subset);
        }

        if (Policy is null && rule.Policy is not null)
            (Policy, PolicyFrom) = (rule.Policy, rule);
    }
}
