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
            var owners = new Dictionary<string, DestinationRule>(StringComparer.Ordinal);
            foreach (var rule in group.Order(Comparer<DestinationRule>.Create(MeshObject.CompareByAge)))
            {
                foreach (var subset in rule.Subsets.Where(subset => !owners.TryAdd(subset.Name, rule) && owners[subset.Name] != rule))
                    yield return RouteFindings.SubsetTwice.At(rule.ToString(), owners[subset.Name].ToString(), subset.Name, group.Key.Host);
            }
        }
    }
}
