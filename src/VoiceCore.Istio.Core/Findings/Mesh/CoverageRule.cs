using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Workloads that access control has left out, where their neighbours have some. Source: Kiali's checker of uncovered workloads
/// (business/checkers/workloads), which reports every workload without a policy.
/// </summary>
internal sealed class CoverageRule : IMeshRule
{
    private const int ShownNames = 3;

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var root = mesh.Snapshot.Mesh.RootNamespace;
        var policies = mesh.Snapshot.AuthorizationPolicies.Where(policy => policy.Targets.Count == 0 && !policy.IsDryRun).ToLookup(policy => policy.Namespace, StringComparer.Ordinal);
        if (policies[root].Any(IsForAll))
            yield break;
        var covered = policies[root].SelectMany(policy => mesh.WorkloadsWith(null, policy.Selector!)).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var group in policies.Where(group => group.Key != root && !group.Any(IsForAll)))
        {
            covered.UnionWith(group.SelectMany(policy => mesh.WorkloadsWith(group.Key, policy.Selector!)));
            var open = mesh.WorkloadsByNamespace[group.Key].Where(pod => mesh.IsInMesh(pod) && !covered.Contains(pod)).DistinctBy(MeshIndex.Workload).Select(pod => pod.Name).ToArray();
            if (open.Length > 0 && mesh.WorkloadsByNamespace[group.Key].Any(covered.Contains))
                yield return PolicyFindings.WorkloadUncovered.At($"Namespace {group.Key}", open.Length, MeshIndex.Shown(open, ShownNames));
        }
    }

    private static bool IsForAll(AuthorizationPolicy policy) => policy.Selector is not { Count: > 0 };
}
