using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What contradicts itself in the gateways of a definition.</summary>
internal static class GatewayRules
{
    /// <summary>The conflicts of the ingress gateway, then of the egress gateway.</summary>
    internal static IEnumerable<Finding> Check(MeshDefinition definition) => Ingress(definition).Concat(Egress(definition));

    private static IEnumerable<Finding> Ingress(MeshDefinition definition)
    {
        if (definition.Ingress is not { } gateway)
            yield break;

        const string Subject = "gateways.ingress";
        foreach (var finding in Gateway(Subject, gateway, definition))
            yield return finding;

        if (definition.Services.FirstOrDefault(service => service.Name == gateway.Backend) is not { } backend)
            yield return DefinitionRules.Unknown($"{Subject}.backend", gateway.Backend ?? "", "a service", definition.Services.Select(service => service.Name));
        else if (!backend.Ports.Any(port => port.Protocol.IsHttp()))
            yield return DefinitionFindings.HttpOnly.At($"services.{backend.Name}.ports", "The backend of the ingress gateway");

        if (gateway.Ports.FirstOrDefault(port => port.Protocol.IsHttp()) is { } plain
            && !gateway.Ports.Any(port => port.Protocol == ServiceProtocol.Https))
        {
            yield return DefinitionFindings.PlainIngress.At($"{Subject}.ports.{plain.Name}", plain.Port);
        }

        if (gateway.Namespace == definition.ControlPlane.Namespace && gateway.Ports.Any(port => port.CredentialName is not null))
            yield return DefinitionFindings.GatewayBesideCa.At($"{Subject}.namespace", gateway.Namespace);
    }

    private static IEnumerable<Finding> Egress(MeshDefinition definition)
    {
        if (definition.Egress is not { } gateway)
            yield break;

        const string Subject = "gateways.egress";
        foreach (var finding in Gateway(Subject, gateway, definition))
            yield return finding;
        yield return DefinitionFindings.EgressUnused.At(Subject);
    }

    private static IEnumerable<Finding> Gateway(string subject, GatewayDefinition gateway, MeshDefinition definition)
    {
        var known = definition.Namespaces.Select(ns => ns.Name).ToList();
        if (!known.Contains(gateway.Namespace))
            yield return DefinitionRules.Unknown($"{subject}.namespace", gateway.Namespace, "one of the namespaces", known);

        foreach (var finding in DefinitionRules.Replicas(subject, gateway.Replicas, gateway.Resources))
            yield return finding;
        foreach (var finding in DefinitionRules.Twice($"{subject}.ports", gateway.Ports.Select(port => (port.Name, port.Port))))
            yield return finding;

        foreach (var port in gateway.Ports)
        {
            var isHttps = port.Protocol == ServiceProtocol.Https;
            if (isHttps != port.CredentialName is not null)
            {
                yield return DefinitionFindings.GatewayTlsMismatch.At(
                    $"{subject}.ports.{port.Name}", port.Protocol.Text(), isHttps ? "needs a credentialName" : "has no credentialName");
            }

            if (port.HttpsRedirect && port.Protocol != ServiceProtocol.Http)
                yield return DefinitionFindings.GatewayTlsMismatch.At($"{subject}.ports.{port.Name}", port.Protocol.Text(), "has no httpsRedirect");
        }
    }
}
