using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// What gateways take: servers of Gateways say so, and no PeerAuthentication does.
/// Source: <c>buildGatewayListeners</c> and <c>buildGatewayListenerTLSContext</c> in pilot/pkg/networking/core/gateway.go.
/// </summary>
internal sealed class GatewayServers(IReadOnlyList<GatewayRecord> gateways)
{
    /// <summary>On a workload port behind a service port, which a Gateway may mean either way: mutual TLS of the mesh only, or what comes.</summary>
    internal ServerTls Of(PodRecord pod, int servicePort, int port) => gateways
        .Where(gateway => pod.Labels.Matches(gateway.Selector ?? LabelSet.Empty))
        .SelectMany(gateway => gateway.Servers)
        .Any(server => (server.Port == servicePort || server.Port == port) && server.TlsMode == "ISTIO_MUTUAL")
            ? ServerTls.Strict
            : ServerTls.None;
}
