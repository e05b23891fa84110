using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Subsets that two DestinationRules of a namespace define for one host. Sources: mergeDestinationRule in pilot/pkg/model/destination_rule.go of
/// Istio, and Kiali's multi match checker (business/checkers/destinationrules).
/// </summary>
internal sealed class MergedRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        foreach (var group in mesh.Snapshot.DestinationRules
            .Where(rule => rule.WorkloadSelector is null && rule.Subsets.Count > 0)
            .GroupBy(rule => (rule.Namespace, Host: mesh.FullHost(rule.Host, rule.Namespace), ExportTo: string.Join(',', rule.ExportTo.Order(StringComparer.Ordinal)))))
        {
            // The oldest first: its subset counts.
            var bySubset = group
                .Order(Comparer<DestinationRule>.Create(MeshObject.CompareByAge))
                .SelectMany(rule => rule.Subsets.Select(subset => subset.Name).Distinct().Select(name => (name, rule)))
                .GroupBy(pair => pair.name, pair => pair.rule, StringComparer.Ordinal);
            foreach (var rules in bySubset.Select(subset => (Name: subset.Key, All: subset.ToArray())).Where(subset => subset.All.Length > 1))
            {
                foreach (var rule in rules.All)
                    yield return RouteFindings.SubsetTwice.At(rule.ToString(), Array.Find(rules.All, other => other != rule)!.ToString(), rules.Name, group.Key.Host, rules.All[0].Name);
            }
        }
    }
}
