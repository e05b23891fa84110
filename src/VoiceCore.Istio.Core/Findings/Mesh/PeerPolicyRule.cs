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

            foreach (var policy in selecting.Where(_ => selecting.Length > 1))
            {
                foreach (var pod in mesh.WorkloadsByNamespace[group.Key].Where(pod => pod.Labels.Matches(policy.Selector!)))
                {
                    var others = Array.FindAll(selecting, other => pod.Labels.Matches(other.Selector!));
                    if (others.Length < 2)
                        continue;
                    yield return PolicyFindings.PeerPolicyOverlap.At(policy.ToString(), Names(others, policy), pod.Key);
                    break;
                }
            }
        }
    }

    private static string Names(PeerAuthentication[] all, PeerAuthentication one) => string.Join(", ", all.Where(other => other != one).Select(other => other.Name));
}
