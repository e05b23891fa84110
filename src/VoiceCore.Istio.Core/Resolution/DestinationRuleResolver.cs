using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Finds the DestinationRule of a client for a service: the client's namespace, then the service's, then the root namespace; the first with
/// any rule for the host wins. Source: <c>setDestinationRules</c> and <c>destinationRule</c> in pilot/pkg/model/push_context.go,
/// pilot/pkg/model/destination_rule.go, <c>DestinationRule</c> in pilot/pkg/model/sidecar.go.
/// </summary>
public sealed class DestinationRuleResolver
{
    private readonly string _root;
    private readonly Dictionary<string, HostIndex<List<Entry>>> _local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostIndex<List<Entry>>> _exported = new(StringComparer.Ordinal);
    private readonly HostIndex<List<Entry>> _rootPrivate = new();
    private readonly HostIndex<HashSet<string>> _localNamespaces = new();
    private readonly HashSet<string> _withSelectors = new(StringComparer.Ordinal);

    /// <summary>Sorts and merges the snapshot's rules once.</summary>
    public DestinationRuleResolver(MeshSnapshot snapshot)
    {
        _root = snapshot.Mesh.RootNamespace;
        var defaultIsPrivate = snapshot.Mesh.DefaultDestinationRuleExportTo.Contains(".");
        var rules = snapshot.DestinationRules.ToArray();
        Array.Sort(rules, static (left, right) =>
            (left.WorkloadSelector is null).CompareTo(right.WorkloadSelector is null) is not 0 and var order ? order : MeshObject.CompareByAge(left, right));
        foreach (var rule in rules)
        {
            var exportTo = rule.WorkloadSelector is null ? rule.ExportTo.Distinct().Order(StringComparer.Ordinal).ToArray() : ["."];
            if (rule.WorkloadSelector is not null)
                _withSelectors.Add(rule.Namespace);
            var host = HostName.Complete(rule.Host, rule.Namespace, snapshot.ClusterDomain);
            if (exportTo.Length == 0 || exportTo.Contains("*") || exportTo.Contains(".") || exportTo.Contains(rule.Namespace))
            {
                Merge(In(_local, rule.Namespace), host, rule, exportTo);
                if (_localNamespaces.Exactly(host) is { } namespaces)
                    namespaces.Add(rule.Namespace);
                else
                    _localNamespaces.Add(host, [rule.Namespace]);
            }

            var isPrivate = (exportTo.Length == 0 && defaultIsPrivate) || (exportTo is [var only] && (only == "." || only == rule.Namespace));
            if (!isPrivate)
                Merge(In(_exported, rule.Namespace), host, rule, exportTo);
            else if (rule.Namespace == _root)
                Merge(_rootPrivate, host, rule, exportTo);
        }
    }

    /// <summary>True where a rule of the namespace is for chosen clients only: their labels matter.</summary>
    public bool DependsOnLabels(string @namespace) => _withSelectors.Contains(@namespace);

    /// <summary>
    /// The namespaces whose clients may use another rule for a host than all other clients do: those with a rule of their own for it, and
    /// those that <c>exportTo</c> names. One may come several times.
    /// </summary>
    internal IEnumerable<string> NamespacesThatMayDiffer(string host, string serviceNamespace)
    {
        yield return _root;
        foreach (var name in _localNamespaces.All(host).SelectMany(namespaces => namespaces))
            yield return name;
        foreach (var exporting in (string[])[serviceNamespace, _root])
        {
            foreach (var entry in _exported.GetValueOrDefault(exporting)?.Find(host) ?? [])
            {
                foreach (var name in entry.ExportTo)
                    yield return name;
            }
        }
    }

    /// <summary>The rule that a client uses for a host; null where none.</summary>
    /// <param name="clientNamespace">The client's namespace.</param>
    /// <param name="clientLabels">The client pod's labels.</param>
    /// <param name="host">The service's full host name.</param>
    /// <param name="serviceNamespace">The service's namespace.</param>
    public EffectiveRule? Resolve(string clientNamespace, LabelSet clientLabels, string host, string serviceNamespace)
    {
        var catchAll = default(EffectiveRule);
        foreach (var entry in Candidates(clientNamespace, host, serviceNamespace))
        {
            // Of several without a selector the last one is taken.
            if (entry.Rule.First.WorkloadSelector is not { } selector)
                catchAll = entry.Rule;
            else if (entry.Rule.First.Namespace == clientNamespace && clientLabels.Matches(selector))
                return entry.Rule;
        }

        return catchAll;
    }

    private List<Entry> Candidates(string clientNamespace, string host, string serviceNamespace)
    {
        var own = clientNamespace == _root ? _rootPrivate : _local.GetValueOrDefault(clientNamespace);
        if (own?.Find(host) is { } local)
            return local;
        if (Exported(serviceNamespace, host, clientNamespace) is { Count: > 0 } exported)
            return exported;
        return Exported(_root, host, clientNamespace);
    }

    private List<Entry> Exported(string @namespace, string host, string clientNamespace) =>
        _exported.GetValueOrDefault(@namespace)?.Find(host) is { } rules
            ? rules.TrueForAll(rule => rule.IsExportedTo(clientNamespace)) ? rules : rules.FindAll(rule => rule.IsExportedTo(clientNamespace))
            : [];

    private static HostIndex<List<Entry>> In(Dictionary<string, HostIndex<List<Entry>>> index, string @namespace)
    {
        if (!index.TryGetValue(@namespace, out var hosts))
            index.Add(@namespace, hosts = new());
        return hosts;
    }

    // Rules merge where exportTo is the same as written; where it contains the other's, the newer is merged and kept as well.
    private static void Merge(HostIndex<List<Entry>> index, string host, DestinationRule rule, string[] exportTo)
    {
        if (index.Exactly(host) is not { } known)
        {
            index.Add(host, [new Entry(exportTo, rule)]);
            return;
        }

        var standsAlone = true;
        foreach (var existing in known)
        {
            if (existing.ExportTo.SequenceEqual(exportTo))
                standsAlone = false;
            else if (existing.ExportTo.Length > 0 && existing.ExportTo.All(exportTo.Contains))
                standsAlone = true;
            else
            {
                standsAlone = true;
                continue;
            }

            if (existing.Rule.First.WorkloadSelector is not null && rule.WorkloadSelector is not null && !existing.Rule.First.WorkloadSelector.Equals(rule.WorkloadSelector))
            {
                standsAlone = true;
                continue;
            }

            if ((existing.Rule.First.WorkloadSelector is null) == (rule.WorkloadSelector is null))
                standsAlone = false;
            existing.Rule = existing.Rule.Merge(rule);
        }

        if (standsAlone)
            known.Add(new Entry(exportTo, rule));
    }

    private sealed class Entry(string[] exportTo, DestinationRule rule)
    {
        // As written: that decides about merging.
        internal string[] ExportTo { get; } = exportTo;

        internal EffectiveRule Rule { get; set; } = new(rule, rule.Policy, rule.Subsets);

        internal bool IsExportedTo(string @namespace) => ExportTo.Length == 0 || ExportTo.Contains("*") || ExportTo.Contains(@namespace);
    }
}
