using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// PeerAuthentications of which only one counts. Sources: pilot/pkg/model/authentication.go of Istio, and Kiali's multi match checker
/// (business/checkers/common).
/// </summary>
internal sealed class PeerPolicyRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        foreach (var group in mesh.Snapshot.PeerAuthentications.GroupBy(policy => policy.Namespace, StringComparer.Ordinal))
        {
            var general = group.Where(policy => !policy.HasSelector).ToArray();
            foreach (var policy in general.Where(_ => general.Length > 1))
                yield return PolicyFindings.PeerPolicyTwice.At(policy.ToString(), Names(general, policy), group.Key);
            var selecting = group.Where(policy => policy.HasSelector).ToArray();
            if (group.Key == mesh.Snapshot.Mesh.RootNamespace)
            {
                foreach (var policy in selecting)
                    yield return PolicyFindings.RootPeerPolicySelects.At(policy.ToString());
            }

            foreach (var (policy, others, pod) in SelectorOverlap.Find(Array.ConvertAll(selecting, policy => (policy, mesh.WorkloadsWith(group.Key, policy.Selector!).ToArray()))))
                yield return PolicyFindings.PeerPolicyOverlap.At(policy.ToString(), string.Join(", ", others.Select(other => other.Name)), pod.Key);
        }
    }

    private static string Names(PeerAuthentication[] all, PeerAuthentication one) => string.Join(", ", all.Where(other => other != one).Select(other => other.Name));
}
