using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Selectors that no pod satisfies, and Sidecars that select the same pods. Sources: Istio's analyzers authz, gateway and sidecar
/// (pkg/config/analysis/analyzers).
/// </summary>
internal sealed class SelectorRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        // Manifests without pods say nothing about who is selected.
        if (mesh.Pods.Count == 0)
            return Overlaps(mesh);
        return Policies(mesh.Snapshot)
            .Where(policy => policy.Selector is { Count: > 0 } selector && !Selected(mesh, policy.Item, selector, mesh.Snapshot.Mesh.RootNamespace).Any())
            .Select(policy => MeshFindings.SelectorWithoutPods.At(policy.Item.ToString(), policy.Selector, policy.Item.Namespace, policy.Item.Kind))
            .Concat(mesh.Snapshot.Gateways
                .Where(gateway => gateway.Selector is { Count: > 0 } selector && !mesh.Pods.Any(pod => pod.Labels.Matches(selector)))
                .Select(gateway => MeshFindings.GatewayWithoutPods.At(gateway.ToString(), gateway.Selector)))
            .Concat(mesh.Snapshot.Sidecars
                .Where(sidecar => sidecar.WorkloadSelector is { Count: > 0 } selector && !Selected(mesh, sidecar, selector, root: null).Any())
                .Select(sidecar => MeshFindings.SidecarWithoutPods.At(sidecar.ToString(), sidecar.WorkloadSelector, sidecar.Namespace)))
            .Concat(Overlaps(mesh));
    }

    private static IEnumerable<(IstioObject Item, LabelSet? Selector)> Policies(MeshSnapshot snapshot) =>
        snapshot.PeerAuthentications.Select(policy => ((IstioObject)policy, policy.Selector))
            .Concat(snapshot.AuthorizationPolicies.Select(policy => ((IstioObject)policy, policy.Selector)))
            .Concat(snapshot.RequestAuthentications.Select(policy => ((IstioObject)policy, policy.Selector)));

    private static IEnumerable<PodRecord> Selected(MeshIndex mesh, IstioObject item, LabelSet selector, string? root) =>
        (item.Namespace == root ? mesh.Pods : mesh.PodsByNamespace[item.Namespace]).Where(pod => pod.Labels.Matches(selector));

    private static IEnumerable<Finding> Overlaps(MeshIndex mesh)
    {
        foreach (var group in mesh.Snapshot.Sidecars.GroupBy(sidecar => sidecar.Namespace, StringComparer.Ordinal))
        {
            var general = group.Where(sidecar => sidecar.WorkloadSelector is not { Count: > 0 }).ToArray();
            foreach (var sidecar in general.Where(_ => general.Length > 1))
                yield return MeshFindings.SidecarTwice.At(sidecar.ToString(), Others(general, sidecar), group.Key);

            foreach (var pod in mesh.PodsByNamespace[group.Key])
            {
                var selecting = group.Where(sidecar => sidecar.WorkloadSelector is { Count: > 0 } selector && pod.Labels.Matches(selector)).ToArray();
                foreach (var sidecar in selecting.Where(_ => selecting.Length > 1))
                    yield return MeshFindings.SidecarOverlap.At(sidecar.ToString(), Others(selecting, sidecar), pod.Key);
            }
        }
    }

    private static string Others(Sidecar[] all, Sidecar one) => string.Join(", ", all.Where(other => other != one).Select(other => other.Name));
}
