using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Says of every PeerAuthentication that could decide for a pod's port what becomes of it. The choice is <see cref="PeerAuthenticationResolver"/>'s.</summary>
internal sealed class PeerAuthenticationCandidates
{
    private readonly MeshResolution _mesh;
    private readonly string _root;
    private readonly ILookup<string, PeerAuthentication> _byNamespace;

    internal PeerAuthenticationCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        _root = mesh.Snapshot.Mesh.RootNamespace;
        _byNamespace = mesh.Snapshot.PeerAuthentications.ToLookup(policy => policy.Namespace);
    }

    internal IEnumerable<PolicyJudgement> Of(PodRecord pod, int port) =>
        new[] { pod.Namespace, _root }.Distinct().SelectMany(name => _byNamespace[name]).Select(policy => Judge(policy, pod, port));

    private PolicyJudgement Judge(PeerAuthentication policy, PodRecord pod, int port)
    {
        if (!pod.HasSidecar)
            return new(policy, PolicyCause.NoSidecar, "The pod has no sidecar: nobody carries it out.");
        if (pod.IsGateway)
            return new(policy, PolicyCause.NoSidecar, "The pod is a gateway: what it takes its Gateways say.");
        if (policy.Namespace == _root && policy.HasSelector)
            return new(policy, PolicyCause.Ignored, "In the root namespace a policy with a selector is ignored, for workloads of all namespaces.");
        if (policy.HasSelector && !pod.Labels.Matches(policy.Selector!))
            return new(policy, PolicyCause.SelectorDiffers, $"Its selector ({policy.Selector}) does not match the pod's labels.");
        var level = policy.HasSelector ? "workload" : policy.Namespace == _root ? "mesh" : "namespace";
        var speaker = _mesh.PeerAuthentication.OfLevel(policy, pod.Labels);
        if (!ReferenceEquals(speaker, policy))
            return new(policy, PolicyCause.OlderGoesFirst, $"Of several for the same {level} only the oldest counts, {speaker!.Key}.");

        var decided = _mesh.PeerAuthentication.Resolve(pod.Namespace, pod.Labels, port);
        if (ReferenceEquals(decided.Policy, policy))
            return new(policy, PolicyCause.Applies, WhyApplies(policy, port, level), decided.Mode.ToString().ToUpperInvariant());
        if (policy.Mode == MutualTlsMode.Unset)
            return new(policy, PolicyCause.SaysNothing, $"It gives no mode for port {port} of the pod, so that a wider level decides.");
        var closer = decided.Policy!.PortModes.GetValueOrDefault(port) != MutualTlsMode.Unset ? $"portLevelMtls of {decided.Policy.Key}" : decided.Policy.Key;
        return new(policy, PolicyCause.CloserNamespace, $"It is for the whole {level}; the closer {closer} goes first.");
    }

    private static string WhyApplies(PeerAuthentication policy, int port, string level) =>
        policy.HasSelector && policy.PortModes.GetValueOrDefault(port) != MutualTlsMode.Unset
            ? $"Its selector matches, and its portLevelMtls names port {port} of the pod."
            : $"It is the oldest for the {level}, and nothing closer gives a mode for port {port} of the pod.";
}
