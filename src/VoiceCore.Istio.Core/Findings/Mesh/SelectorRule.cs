using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Selectors that no pod satisfies, and Sidecars that select the same pods. Sources: Istio's analyzers authz, sidecar and k8sgateway
/// (pkg/config/analysis/analyzers).
/// </summary>
internal sealed class SelectorRule : IMeshRule
{
    private const string GatewayName = "gateway.networking.k8s.io/gateway-name";

    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        Policies(mesh.Snapshot).SelectMany(policy => OfPolicy(mesh, policy.Item, policy.Selector, policy.HasTargets))
            .Concat(Sidecars(mesh))
            .Concat(OnGateways(mesh));

    private static IEnumerable<(IstioObject Item, LabelSet? Selector, bool HasTargets)> Policies(MeshSnapshot snapshot) =>
        snapshot.PeerAuthentications.Select(policy => ((IstioObject)policy, policy.Selector, false))
            .Concat(snapshot.AuthorizationPolicies.Select(policy => ((IstioObject)policy, policy.Selector, policy.Targets.Count > 0)))
            .Concat(snapshot.RequestAuthentications.Select(policy => ((IstioObject)policy, policy.Selector, policy.Targets.Count > 0)));

    // Without a selector a PeerAuthentication still tells callers what to send, and a RequestAuthentication harms nobody.
    private static IEnumerable<Finding> OfPolicy(MeshIndex mesh, IstioObject item, LabelSet? selector, bool hasTargets)
    {
        var isRoot = item.Namespace == mesh.Snapshot.Mesh.RootNamespace;
        if (hasTargets || (selector is not { Count: > 0 } && (item is not AuthorizationPolicy || (isRoot && selector is null))))
            yield break;
        if (mesh.WorkloadsWith(isRoot ? null : item.Namespace, selector ?? LabelSet.Empty).Any(pod => mesh.IsInMesh(pod) || MeshIndex.IsAmbient(pod)))
            yield break;
        var candidates = isRoot ? mesh.Workloads : mesh.WorkloadsByNamespace[item.Namespace];
        var labels = selector is { Count: > 0 } ? $" with the labels {selector}" : "";
        yield return MeshIndex.Unless(
            mesh.Snapshot.IsComplete || (candidates.Any() && (isRoot || mesh.Namespace(item.Namespace) is not null)),
            "pod or no namespace of it",
            MeshFindings.SelectorWithoutPods.At(item.ToString(), labels, isRoot ? "any namespace" : item.Namespace, item.Kind));
    }

    private static IEnumerable<Finding> Sidecars(MeshIndex mesh)
    {
        foreach (var group in mesh.Snapshot.Sidecars.GroupBy(sidecar => sidecar.Namespace, StringComparer.Ordinal))
        {
            var general = group.Where(sidecar => sidecar.WorkloadSelector is not { Count: > 0 }).ToArray();
            var isAmbient = MeshIndex.IsAmbient(mesh.Namespace(group.Key));
            foreach (var sidecar in general)
            {
                if (isAmbient)
                    yield return PolicyFindings.SidecarInAmbient.At(sidecar.ToString(), $"The namespace {group.Key} is");
                else if (general.Length > 1)
                    yield return MeshFindings.SidecarTwice.At(sidecar.ToString(), Others(general, sidecar), group.Key);
            }

            var selecting = group.Except(general)
                .Select(sidecar => (Sidecar: sidecar, Pods: mesh.WorkloadsWith(group.Key, sidecar.WorkloadSelector!).ToArray()))
                .ToArray();
            foreach (var finding in selecting.SelectMany(pair => OfSidecar(mesh, pair.Sidecar, pair.Pods)))
                yield return finding;
            // In ambient mode there is no sidecar to be in conflict about.
            foreach (var (sidecar, others, pod) in SelectorOverlap.Find(Array.ConvertAll(selecting, pair => (pair.Sidecar, Array.FindAll(pair.Pods, pod => !MeshIndex.IsAmbient(pod))))))
                yield return MeshFindings.SidecarOverlap.At(sidecar.ToString(), string.Join(", ", others.Select(other => other.Name)), pod.Key);
        }
    }

    private static IEnumerable<Finding> OfSidecar(MeshIndex mesh, Sidecar sidecar, PodRecord[] pods)
    {
        if (pods.Length == 0)
        {
            yield return MeshIndex.Unless(
                mesh.Snapshot.IsComplete || mesh.WorkloadsByNamespace.Contains(sidecar.Namespace),
                "pod of the namespace",
                MeshFindings.SidecarWithoutPods.At(sidecar.ToString(), sidecar.WorkloadSelector, sidecar.Namespace));
        }

        if (sidecar.Namespace == mesh.Snapshot.Mesh.RootNamespace)
            yield return RouteFindings.RootSidecarSelects.At(sidecar.ToString());
        if (Array.Find(pods, MeshIndex.IsAmbient) is { } ambient)
            yield return PolicyFindings.SidecarInAmbient.At(sidecar.ToString(), $"The pod {ambient.Name} is");
    }

    // Pods of a Gateway of the Gateway API take policies by targetRefs only.
    private static IEnumerable<Finding> OnGateways(MeshIndex mesh)
    {
        var gateways = mesh.Workloads.Where(pod => pod.Labels[GatewayName] is not null).ToLookup(pod => pod.Namespace);
        if (gateways.Count == 0)
            return [];
        var others = mesh.Snapshot.OtherIstioObjects
            .Where(item => item.Kind is "Telemetry" or "WasmPlugin")
            .Select(item => (Item: item, Selector: TelemetryRule.Selector(item), HasTargets: TelemetryRule.HasTargets(item)));
        return Policies(mesh.Snapshot)
            .Where(policy => policy.Item is not PeerAuthentication)
            .Concat(others)
            .Where(policy => policy.Selector is not null && !policy.HasTargets)
            .SelectMany(policy => gateways[policy.Item.Namespace]
                .Where(pod => pod.Labels.Matches(policy.Selector!))
                .Select(pod => pod.Labels[GatewayName])
                .Distinct()
                .Select(gateway => PolicyFindings.SelectorOnGateway.At(policy.Item.ToString(), gateway)));
    }

    private static string Others(Sidecar[] all, Sidecar one) => string.Join(", ", all.Where(other => other != one).Select(other => other.Name));
}
