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
    private readonly Dictionary<string, HostIndex<List<DestinationRuleEntry>>> _local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostIndex<List<DestinationRuleEntry>>> _exported = new(StringComparer.Ordinal);
    private readonly HostIndex<List<DestinationRuleEntry>> _rootPrivate = new();
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
    public EffectiveRule? Resolve(string clientNamespace, LabelSet clientLabels, string host, string serviceNamespace) =>
        Choose(Search(clientNamespace, host, serviceNamespace).Entries, clientNamespace, clientLabels);

    /// <summary>Where the search for a host ends: the first place with anything for it that the client may use.</summary>
    internal (DestinationRulePlace Place, List<DestinationRuleEntry> Entries) Search(string clientNamespace, string host, string serviceNamespace)
    {
        for (var level = 0; level < DestinationRulePlace.Levels - 1; level++)
        {
            var place = Place(level, clientNamespace, serviceNamespace);
            if (place.For(host, clientNamespace) is { Count: > 0 } entries)
                return (place, entries);
        }

        var last = Place(DestinationRulePlace.Levels - 1, clientNamespace, serviceNamespace);
        return (last, last.For(host, clientNamespace));
    }

    /// <summary>The places in which rules are looked for: the client's namespace, the service's, the root namespace.</summary>
    internal DestinationRulePlace Place(int level, string clientNamespace, string serviceNamespace) => level switch
    {
        0 => new(clientNamespace, clientNamespace == _root ? _rootPrivate : _local.GetValueOrDefault(clientNamespace), TakesAll: true),
        1 => new(serviceNamespace, _exported.GetValueOrDefault(serviceNamespace), TakesAll: false),
        _ => new(_root, _exported.GetValueOrDefault(_root), TakesAll: false),
    };

    /// <summary>Of what the search found, what is for the client.</summary>
    internal static EffectiveRule? Choose(List<DestinationRuleEntry> entries, string clientNamespace, LabelSet clientLabels)
    {
        var catchAll = default(EffectiveRule);
        foreach (var entry in entries)
        {
            // Of several without a selector the last one is taken.
            if (entry.Rule.First.WorkloadSelector is not { } selector)
                catchAll = entry.Rule;
            else if (entry.Rule.First.Namespace == clientNamespace && clientLabels.Matches(selector))
                return entry.Rule;
        }

        return catchAll;
    }

    private static HostIndex<List<DestinationRuleEntry>> In(Dictionary<string, HostIndex<List<DestinationRuleEntry>>> index, string @namespace)
    {
        if (!index.TryGetValue(@namespace, out var hosts))
            index.Add(@namespace, hosts = new());
        return hosts;
    }

    // Rules merge where exportTo is the same as written; where it contains the other's, the newer is merged and kept as well.
    private static void Merge(HostIndex<List<DestinationRuleEntry>> index, string host, DestinationRule rule, string[] exportTo)
    {
        if (index.Exactly(host) is not { } known)
        {
            index.Add(host, [new DestinationRuleEntry(exportTo, rule)]);
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
            known.Add(new DestinationRuleEntry(exportTo, rule));
    }
}
