using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a workload's port accepts, and the policy that decided; a null policy is Istio's own default.</summary>
/// <param name="Mode">Strict, Permissive or Disable.</param>
/// <param name="Policy">The PeerAuthentication.</param>
public sealed record InboundTls(MutualTlsMode Mode, PeerAuthentication? Policy);

/// <summary>
/// The mutual TLS that servers ask for: of each level (mesh, namespace, workload) the oldest policy, the narrower level before the wider, and
/// modes of single ports from the workload's policy alone.
/// Source: pilot/pkg/model/authentication.go, pilot/pkg/security/authn/policy_applier.go (ComposePeerAuthentication).
/// </summary>
public sealed class PeerAuthenticationResolver
{
    private readonly PeerAuthentication? _mesh;
    private readonly Dictionary<string, PeerAuthentication> _namespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PeerAuthentication>> _workloads = new(StringComparer.Ordinal);

    /// <summary>Sorts the snapshot's policies once.</summary>
    public PeerAuthenticationResolver(MeshSnapshot snapshot)
    {
        var root = snapshot.Mesh.RootNamespace;
        var policies = snapshot.PeerAuthentications.ToList();
        policies.Sort(MeshObject.CompareByAge);
        foreach (var policy in policies)
        {
            if (policy.Namespace == root)
            {
                // A selector in the root namespace does not make a policy for all workloads with these labels: it is ignored.
                if (!policy.HasSelector)
                    _mesh ??= policy;
            }
            else if (!policy.HasSelector)
            {
                _namespaces.TryAdd(policy.Namespace, policy);
            }
            else if (_workloads.TryGetValue(policy.Namespace, out var list))
            {
                list.Add(policy);
            }
            else
            {
                _workloads.Add(policy.Namespace, [policy]);
            }
        }
    }

    /// <summary>What a workload accepts. <paramref name="port"/> is the workload's port (container, target port), never the service's.</summary>
    public InboundTls Resolve(string @namespace, LabelSet labels, int port)
    {
        var workload = OfWorkload(@namespace, labels);
        if (workload is not null && workload.PortModes.TryGetValue(port, out var mode) && mode != MutualTlsMode.Unset)
            return new InboundTls(mode, workload);
        return workload is { Mode: not MutualTlsMode.Unset } ? new InboundTls(workload.Mode, workload) : OfNamespace(@namespace);
    }

    /// <summary>The mode of a namespace: what clients with automatic mTLS take for the mode of all its services.</summary>
    public InboundTls OfNamespace(string @namespace)
    {
        if (_namespaces.GetValueOrDefault(@namespace) is { Mode: not MutualTlsMode.Unset } policy)
            return new InboundTls(policy.Mode, policy);
        return _mesh is { Mode: not MutualTlsMode.Unset } ? new InboundTls(_mesh.Mode, _mesh) : new InboundTls(MutualTlsMode.Permissive, null);
    }

    /// <summary>
    /// True where the workload's policy names the port, whatever mode it gives: the proxy then listens on it also where no Service leads to it.
    /// </summary>
    public bool NamesPort(string @namespace, LabelSet labels, int port) =>
        OfWorkload(@namespace, labels)?.PortModes.ContainsKey(port) == true;

    /// <summary>The policy that speaks for the level (mesh, namespace or workload) of a policy which matches the workload: the oldest there.</summary>
    internal PeerAuthentication? OfLevel(PeerAuthentication policy, LabelSet labels) =>
        policy.HasSelector ? OfWorkload(policy.Namespace, labels)
        : _namespaces.GetValueOrDefault(policy.Namespace) ?? _mesh;

    private PeerAuthentication? OfWorkload(string @namespace, LabelSet labels) =>
        _workloads.GetValueOrDefault(@namespace)?.Find(policy => labels.Matches(policy.Selector!));
}
