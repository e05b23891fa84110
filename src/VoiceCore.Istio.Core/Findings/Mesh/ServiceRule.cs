using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Ports whose protocol Istio does not know. Source: pkg/config/analysis/analyzers/service/portname.go of Istio.</summary>
internal sealed class ServiceRule : IMeshRule
{
    private const string Managed = "gateway.istio.io/managed";

    private static readonly string?[] Controllers = ["istio.io-gateway-controller", "istio.io-mesh-controller", "istio.io-eastwest-controller"];

    public IEnumerable<Finding> Check(MeshIndex mesh) => mesh.Snapshot.Services
        .Where(service => !InjectionResolver.IgnoredNamespaces.Contains(service.Namespace) && !IsControlPlane(service) && !Controllers.Contains(service.Labels[Managed]))
        .SelectMany(OfService);

    /// <summary>True for what belongs to Istio itself (pkg/config/analysis/analyzers/util/config.go).</summary>
    internal static bool IsControlPlane(MeshObject item) => item.Labels["istio"] is not null || item.Labels["release"] == "istio";

    private static IEnumerable<Finding> OfService(ServiceRecord service)
    {
        var subject = $"Service {service.Key}";
        var isExternal = service.Type == "ExternalName";
        foreach (var port in service.Ports)
        {
            if (PortProtocols.Of(port) != PortProtocol.Auto && !(isExternal && port.Name == "tcp"))
                continue;
            yield return isExternal ? WorkloadFindings.ExternalNamePort.At(subject, port.Name, port.Port)
                : port.AppProtocol is { } protocol ? WorkloadFindings.AppProtocolUnknown.At(subject, protocol, port.Port)
                : WorkloadFindings.PortNameUnknown.At(subject, port.Name, port.Port);
        }
    }
}
