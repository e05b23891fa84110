using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The rules of traffic over one snapshot; what several answers need is made once.</summary>
internal sealed class MeshResolution
{
    internal MeshResolution(MeshSnapshot snapshot)
    {
        snapshot = Discovery.Of(snapshot);
        Snapshot = snapshot;
        Registry = new ServiceRegistry(snapshot);
        PeerAuthentication = new PeerAuthenticationResolver(snapshot);
        DestinationRules = new DestinationRuleResolver(snapshot);
        VirtualServices = new VirtualServiceIndex(snapshot);
        Scopes = new ClientScopes(this);
    }

    internal MeshSnapshot Snapshot { get; }

    internal ServiceRegistry Registry { get; }

    internal PeerAuthenticationResolver PeerAuthentication { get; }

    internal DestinationRuleResolver DestinationRules { get; }

    internal VirtualServiceIndex VirtualServices { get; }

    internal ClientScopes Scopes { get; }

    /// <summary>The clusters of a client, those of subsets after their service port's.</summary>
    internal IEnumerable<OutboundCluster> Clusters(ClientScope scope, LabelSet clientLabels, bool ofGateway = false)
    {
        foreach (var (service, ports) in scope.Services)
        {
            if (service.IsAlias)
                continue;
            var rule = DestinationRules.Resolve(scope.Namespace, clientLabels, service.Host, service.Namespace);
            foreach (var port in ports)
            {
                if (port.Protocol == PortProtocol.Udp)
                    continue;
                var whole = new OutboundCluster(this, service, port, rule, subset: null, ofGateway);
                if (!whole.Exists)
                    continue;
                yield return whole;
                foreach (var subset in rule?.Subsets ?? [])
                {
                    if (new OutboundCluster(this, service, port, rule, subset, ofGateway) is { Exists: true } part)
                        yield return part;
                }
            }
        }
    }
}
