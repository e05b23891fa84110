using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>DestinationRules that no client uses, or whose policy an older rule hides: what the resolver of rules says, asked for every namespace.</summary>
internal sealed class RuleUseRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var clients = mesh.Workloads.Where(mesh.IsInMesh)
            .Select(pod => (pod.Namespace, Labels: mesh.Rules.DependsOnLabels(pod.Namespace) ? pod.Labels : LabelSet.Empty))
            .Distinct()
            .ToLookup(client => client.Namespace, StringComparer.Ordinal);
        // Without clients nothing can be said about them.
        if (clients.Count == 0)
            yield break;
        foreach (var group in mesh.Snapshot.DestinationRules.GroupBy(rule => mesh.FullHost(rule.Host, rule.Namespace), StringComparer.Ordinal))
        {
            if (mesh.Service(group.Key, "") is not { } service)
                continue;
            // Clients of all other namespaces use the same rule: one of them speaks for them.
            var special = mesh.Rules.NamespacesThatMayDiffer(group.Key, service.Namespace).Prepend(service.Namespace).ToHashSet(StringComparer.Ordinal);
            var effective = special.SelectMany(name => clients[name])
                .Concat(clients.FirstOrDefault(known => !special.Contains(known.Key))?.Take(1) ?? [])
                .Select(client => mesh.Rules.Resolve(client.Namespace, client.Labels, group.Key, service.Namespace))
                .OfType<EffectiveRule>()
                .Distinct(ReferenceEqualityComparer.Instance)
                .Cast<EffectiveRule>()
                .ToArray();
            foreach (var rule in group)
            {
                var users = Array.FindAll(effective, merged => merged.Rules.Contains(rule));
                if (users.Length == 0)
                    yield return MeshFindings.RuleNeverSelected.At(rule.ToString(), service.Key, Why(rule, effective));
                else if (rule.Policy is not null && users.Select(merged => merged.Rules.First(known => known.Policy is not null)).FirstOrDefault(first => first != rule) is { } older
                    && Array.TrueForAll(users, merged => !ReferenceEquals(merged.Policy, rule.Policy)))
                    yield return MeshFindings.PolicyHidden.At(rule.ToString(), older.ToString());
            }
        }
    }

    private static string Why(DestinationRule rule, EffectiveRule[] effective) => effective.Length > 0
        ? $"they use {string.Join(", ", effective.Select(merged => merged.First.Key).Distinct().Order(StringComparer.Ordinal))}"
        : rule.WorkloadSelector is { } selector ? $"no pod of {rule.Namespace} has the labels {selector}"
        : rule.ExportTo.Count > 0 && !rule.ExportTo.Contains("*") ? $"it is seen in {string.Join(", ", rule.ExportTo)} only, where no client is"
        : $"it lies in {rule.Namespace}, where no client is, and that is neither the service's namespace nor the root namespace";
}
