using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Finds the DestinationRule of a client for a service: the client's namespace, then the service's, then the root namespace; the first with
/// any rule for the host wins. Source: <c>setDestinationRules</c> and <c>destinationRule</c> in pilot/pkg/model/push_context.go,
/// pilot/pkg/model/destination_rule.go, <c>DestinationRule</c> in pilot/pkg/model/sidecar.go.
/// </summary>
internal sealed class DestinationRuleIndex
{
    private readonly string _root;
    private readonly Dictionary<string, HostIndex<List<ResolvedDestinationRule>>> _local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostIndex<List<ResolvedDestinationRule>>> _exported = new(StringComparer.Ordinal);
    private readonly HostIndex<List<ResolvedDestinationRule>> _rootPrivate = new();

    internal DestinationRuleIndex(MeshSnapshot snapshot)
    {
        _root = snapshot.Mesh.RootNamespace;
        var defaultIsPrivate = snapshot.Mesh.DefaultDestinationRuleExportTo.Contains(".");
        var rules = snapshot.DestinationRules.ToArray();
        Array.Sort(rules, static (left, right) =>
            (left.WorkloadSelector is null).CompareTo(right.WorkloadSelector is null) is not 0 and var order ? order : MeshObject.CompareByAge(left, right));
        foreach (var rule in rules)
        {
            var exportTo = rule.WorkloadSelector is null ? rule.ExportTo.Distinct().Order(StringComparer.Ordinal).ToArray() : ["."];
            var host = HostName.Complete(rule.Host, rule.Namespace, snapshot.ClusterDomain);
            if (exportTo.Length == 0 || exportTo.Contains("*") || exportTo.Contains(".") || exportTo.Contains(rule.Namespace))
                Merge(In(_local, rule.Namespace), host, rule, exportTo);

            var isPrivate = (exportTo.Length == 0 && defaultIsPrivate) || (exportTo is [var only] && (only == "." || only == rule.Namespace));
            if (!isPrivate)
                Merge(In(_exported, rule.Namespace), host, rule, exportTo);
            else if (rule.Namespace == _root)
                Merge(_rootPrivate, host, rule, exportTo);
        }
    }

    /// <summary>True where the namespace has rules of its own for its clients.</summary>
    internal bool HasLocalRules(string @namespace) => _local.ContainsKey(@namespace);

    /// <summary>The rule for a client; null where none is for it.</summary>
    internal ResolvedDestinationRule? Find(string clientNamespace, LabelSet clientLabels, RegisteredService service)
    {
        var catchAll = default(ResolvedDestinationRule);
        foreach (var rule in Candidates(clientNamespace, service))
        {
            // Of several without a selector the last one is taken.
            if (rule.WorkloadSelector is null)
                catchAll = rule;
            else if (rule.First.Namespace == clientNamespace && clientLabels.Matches(rule.WorkloadSelector))
                return rule;
        }

        return catchAll;
    }

    private IReadOnlyList<ResolvedDestinationRule> Candidates(string clientNamespace, RegisteredService service)
    {
        var own = clientNamespace == _root ? _rootPrivate : _local.GetValueOrDefault(clientNamespace);
        if (own?.Find(service.Host) is { } local)
            return local;
        if (Exported(service.Namespace, service.Host, clientNamespace) is { Count: > 0 } exported)
            return exported;
        return Exported(_root, service.Host, clientNamespace);
    }

    private IReadOnlyList<ResolvedDestinationRule> Exported(string @namespace, string host, string clientNamespace) =>
        _exported.GetValueOrDefault(@namespace)?.Find(host) is { } rules
            ? rules.TrueForAll(rule => rule.IsExportedTo(clientNamespace)) ? rules : rules.FindAll(rule => rule.IsExportedTo(clientNamespace))
            : [];

    private static HostIndex<List<ResolvedDestinationRule>> In(Dictionary<string, HostIndex<List<ResolvedDestinationRule>>> index, string @namespace)
    {
        if (!index.TryGetValue(@namespace, out var hosts))
            index.Add(@namespace, hosts = new());
        return hosts;
    }

    // Rules merge where exportTo is the same as written; where it contains the other's, the newer is merged and kept as well.
    private static void Merge(HostIndex<List<ResolvedDestinationRule>> index, string host, DestinationRule rule, string[] exportTo)
    {
        if (index.Exactly(host) is not { } known)
        {
            index.Add(host, [new ResolvedDestinationRule(rule, exportTo)]);
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

            if (existing.WorkloadSelector is not null && rule.WorkloadSelector is not null && !existing.WorkloadSelector.Equals(rule.WorkloadSelector))
            {
                standsAlone = true;
                continue;
            }

            if ((existing.WorkloadSelector is null) == (rule.WorkloadSelector is null))
                standsAlone = false;
            existing.Add(rule);
        }

        if (standsAlone)
            known.Add(new ResolvedDestinationRule(rule, exportTo));
    }
}
