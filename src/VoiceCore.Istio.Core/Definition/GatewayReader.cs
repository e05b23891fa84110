using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Reads the gateways of a definition.</summary>
internal static class GatewayReader
{
    internal static GatewayDefinition? Gateway(MappingReader? reader, bool isIngress)
    {
        var defaults = new GatewayDefinition { Name = "", Namespace = "" };
        return reader is null ? null : Ended(reader, gateway => new GatewayDefinition
        {
            Name = gateway.RequiredText("name", TextRule.DnsLabel),
            Namespace = gateway.RequiredText("namespace", TextRule.DnsLabel),
            ServiceType = gateway.Text("serviceType", TextRule.ServiceType) ?? defaults.ServiceType,
            Replicas = WorkloadReader.Replicas(gateway, defaults.Replicas),
            Resources = WorkloadReader.Resources(gateway.Mapping("resources")),
            Ports = GatewayPorts(gateway.RequiredMapping("ports", "a mapping from names to ports")),
            Hosts = isIngress ? gateway.Texts("hosts", TextRule.Host) ?? ["*"] : [],
            Backend = isIngress ? gateway.RequiredText("backend", TextRule.DnsLabel) : null,
        });
    }

    private static GatewayPort[] GatewayPorts(MappingReader? reader) => reader is null ? [] :
    [
        .. reader.Parts(TextRule.PortName).Select(part => Ended(part.Part, port => new GatewayPort
        {
            Name = part.Name,
            Port = port.RequiredInteger("port", 1, WorkloadReader.MaxPort),
            Protocol = port.Choice<ServiceProtocol>("protocol") ?? ServiceProtocol.Http,
            CredentialName = port.Text("credentialName", TextRule.DnsName),
            HttpsRedirect = port.Boolean("httpsRedirect") ?? false,
        })),
    ];
}
