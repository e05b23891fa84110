using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Ports whose protocol Istio does not know, or that lead nowhere. Sources: pkg/config/analysis/analyzers/service/portname.go of Istio, and
/// Kiali's checker of ports (business/checkers/services/port_mapping_checker.go).
/// </summary>
internal sealed class ServiceRule : IMeshRule
{
    private const string Managed = "gateway.istio.io/managed";

    private static readonly string?[] Controllers = ["istio.io-gateway-controller", "istio.io-mesh-controller", "istio.io-eastwest-controller"];

    public IEnumerable<Finding> Check(MeshIndex mesh) => mesh.Snapshot.Services
        .Where(service => !InjectionResolver.IgnoredNamespaces.Contains(service.Namespace) && !IsControlPlane(service) && !Controllers.Contains(service.Labels[Managed]))
        .SelectMany(OfService)
        .Concat(mesh.Snapshot.Services.SelectMany(service => Nameless(mesh, service)));

    /// <summary>True for what belongs to Istio itself (pkg/config/analysis/analyzers/util/config.go).</summary>
    internal static bool IsControlPlane(MeshObject item) => item.Labels["istio"] is not null || item.Labels["release"] == "istio";

    // A number is reached whether a container names it or not; a name must be one that a container gives.
    private static IEnumerable<Finding> Nameless(MeshIndex mesh, ServiceRecord service)
    {
        var named = service.Ports.Where(port => port is { Protocol: "TCP", TargetNumber: null }).ToArray();
        if (named.Length == 0)
            return [];
        var pods = mesh.WorkloadsOf(service).ToArray();
        return named
            .Where(port => pods.Length > 0 && !Array.Exists(pods, pod => pod.Containers.Any(container => container.NamedPorts[port.TargetPort] is not null)))
            .Select(port => WorkloadFindings.TargetPortUnknown.At($"Service {service.Key}", port.Port, port.TargetPort));
    }

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
