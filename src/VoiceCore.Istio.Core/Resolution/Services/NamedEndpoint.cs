namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// An endpoint before it is put behind ports. All of a host in one namespace are kept together, whichever object they come from. Source:
/// <c>ShardsForService</c> and <c>CopyEndpoints</c> in pilot/pkg/model/endpointshards.go.
/// </summary>
/// <param name="PortName">The name of the service port.</param>
/// <param name="PortNumber">The number of an entry's port; 0 where only the name counts.</param>
/// <param name="Endpoint">The endpoint.</param>
internal readonly record struct NamedEndpoint(string PortName, int PortNumber, RegisteredEndpoint Endpoint)
{
    /// <summary>Those behind a port: clusters that istiod tells endpoints go by its name, others by its number.</summary>
    internal static RegisteredEndpoint[] Behind(RegisteredService service, RegisteredPort port, IEnumerable<NamedEndpoint> endpoints) =>
    [
        .. from item in endpoints
           where service.Resolution == ServiceResolution.Known
               ? item.PortName == port.Name && item.Endpoint.CanBeTold
               : item.PortNumber == 0 ? item.PortName == port.Name : item.PortNumber == port.Number
           select item.Endpoint,
    ];
}
