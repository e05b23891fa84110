using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Which DestinationRule a client uses for a host: looked for in the client's namespace, the service's and the root namespace, and no further
/// than the first that has one. Source: pilot/pkg/model/push_context.go (destinationRule, setDestinationRules), destination_rule.go, sidecar.go.
/// </summary>
public sealed class DestinationRuleResolver
{
    private readonly string _root;
    private readonly IReadOnlyList<string> _defaultExport;
    private readonly Dictionary<string, NamespaceRules> _namespaces = new(StringComparer.Ordinal);

    /// <summary>Sorts and merges the snapshot's rules once.</summary>
    public DestinationRuleResolver(MeshSnapshot snapshot)
    {
        _root = snapshot.Mesh.RootNamespace;
        _defaultExport = snapshot.Mesh.DefaultDestinationRuleExportTo;
        // Rules for chosen clients first, then the oldest first.
        var rules = snapshot.DestinationRules.ToList();
        rules.Sort((left, right) => (left.WorkloadSelector is null).CompareTo(right.WorkloadSelector is null) is not 0 and var order ? order : MeshObject.CompareByAge(left, right));
        foreach (var rule in rules)
        {
            if (!_namespaces.TryGetValue(rule.Namespace, out var own))
                _namespaces.Add(rule.Namespace, own = new NamespaceRules());
            own.Add(Host(rule, snapshot.ClusterDomain), rule);
        }
    }

    /// <summary>True where a rule of the namespace is for chosen clients only: their labels matter.</summary>
    public bool DependsOnLabels(string @namespace) => _namespaces.TryGetValue(@namespace, out var rules) && rules.HasSelectors;

    /// <summary>The rule that a client uses for a host; null where none.</summary>
    /// <param name="clientNamespace">The client's namespace.</param>
    /// <param name="clientLabels">The client pod's labels.</param>
    /// <param name="host">The service's full host name.</param>
    /// <param name="serviceNamespace">The service's namespace.</param>
    public EffectiveRule? Resolve(string clientNamespace, LabelSet clientLabels, string host, string serviceNamespace)
    {
        if (Find(clientNamespace, host, rule => IsForOwn(rule, clientNamespace)) is { } own)
            return Pick(own, clientLabels, isOwn: true);
        foreach (var other in (string[])[serviceNamespace, _root])
        {
            if (other != clientNamespace || clientNamespace == _root)
            {
                if (Find(other, host, rule => IsExported(rule, clientNamespace)) is { } exported)
                    return Pick(exported, clientLabels, isOwn: other == clientNamespace);
            }
        }

        return null;
    }

    private List<Entry>? Find(string @namespace, string host, Func<DestinationRule, bool> isVisible) =>
        _namespaces.TryGetValue(@namespace, out var rules) ? rules.Find(host, isVisible) : null;

    // In the root namespace its own clients find only what is private to it here; the rest comes as everybody's.
    private bool IsForOwn(DestinationRule rule, string clientNamespace)
    {
        var export = Export(rule);
        var isPrivate = rule.WorkloadSelector is not null || (export.Count == 1 && (export[0] == "." || export[0] == clientNamespace));
        return clientNamespace == _root ? isPrivate : isPrivate || IsExported(rule, clientNamespace);
    }

    private bool IsExported(DestinationRule rule, string clientNamespace)
    {
        if (rule.WorkloadSelector is not null)
            return false;
        var export = Export(rule);
        return export.Contains("*") || export.Contains(clientNamespace) || (export.Contains(".") && rule.Namespace == clientNamespace);
    }

    private IReadOnlyList<string> Export(DestinationRule rule) => rule.ExportTo.Count > 0 ? rule.ExportTo : _defaultExport;

    // A rule that is for this client goes before one for all; where several for all are left, the last.
    private static EffectiveRule? Pick(List<Entry> entries, LabelSet labels, bool isOwn)
    {
        var chosen = isOwn ? entries.Find(entry => entry.Selector is { } selector && labels.Matches(selector)) : null;
        return (chosen ?? entries.FindLast(entry => entry.Selector is null))?.Rule;
    }

    // A name without a dot is a service of the rule's namespace; any other is taken as it is written.
    private static string Host(DestinationRule rule, string domain) =>
        rule.Host.Contains('.', StringComparison.Ordinal) || rule.Host == "*" ? rule.Host : $"{rule.Host}.{rule.Namespace}.svc.{domain}";

    private sealed record Entry(LabelSet? Selector, HashSet<string> ExportTo, EffectiveRule Rule);

    private sealed class NamespaceRules
    {
        private readonly Dictionary<string, List<Entry>> _hosts = new(StringComparer.Ordinal);
        private readonly List<string> _wildcards = [];

        internal bool HasSelectors { get; private set; }

        internal void Add(string host, DestinationRule rule)
        {
            HasSelectors |= rule.WorkloadSelector is not null;
            if (!_hosts.TryGetValue(host, out var entries))
            {
                _hosts.Add(host, entries = []);
                if (host.StartsWith('*'))
                {
                    // The most specific first: the longest, and of equally long ones in the order of their letters.
                    _wildcards.Add(host);
                    _wildcards.Sort((left, right) => right.Length != left.Length ? right.Length.CompareTo(left.Length) : string.CompareOrdinal(left, right));
                }
            }

            var exportTo = new HashSet<string>(rule.WorkloadSelector is null ? rule.ExportTo : ["."], StringComparer.Ordinal);
            var stays = true;
            for (var at = 0; at < entries.Count; at++)
            {
                var entry = entries[at];
                if (!Equals(entry.Selector, rule.WorkloadSelector) || !(entry.ExportTo.SetEquals(exportTo) || (entry.ExportTo.Count > 0 && exportTo.IsProperSupersetOf(entry.ExportTo))))
                    continue;
                // Who sees both sees them as one; where the later one is seen by more, it stays beside.
                stays = !entry.ExportTo.SetEquals(exportTo);
                entries[at] = entry with { Rule = Merge(entry.Rule, rule) };
                if (!stays)
                    break;
            }

            if (stays)
                entries.Add(new Entry(rule.WorkloadSelector, exportTo, new EffectiveRule(rule, rule.Policy, rule.Subsets)));
        }

        internal List<Entry>? Find(string host, Func<DestinationRule, bool> isVisible)
        {
            if (Visible(host, isVisible) is { } exact)
                return exact;
            foreach (var wildcard in _wildcards)
            {
                if (host.EndsWith(wildcard[1..], StringComparison.Ordinal) && host.Length >= wildcard.Length && Visible(wildcard, isVisible) is { } found)
                    return found;
            }

            return null;
        }

        private List<Entry>? Visible(string host, Func<DestinationRule, bool> isVisible) =>
            _hosts.TryGetValue(host, out var entries) && entries.FindAll(entry => isVisible(entry.Rule.First)) is { Count: > 0 } visible ? visible : null;

        private static EffectiveRule Merge(EffectiveRule into, DestinationRule rule) => into with
        {
            Policy = into.Policy ?? rule.Policy,
            Subsets = [.. into.Subsets, .. rule.Subsets.Where(subset => !into.Subsets.Any(known => known.Name == subset.Name))],
        };
    }
}
