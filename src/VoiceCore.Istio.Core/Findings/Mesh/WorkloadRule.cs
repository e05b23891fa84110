using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Pods and Deployments that do not fit the mesh. Sources: Istio's analyzers deployment/services.go, deployment/pod.go and
/// injection/image-auto.go (pkg/config/analysis/analyzers).
/// </summary>
internal sealed class WorkloadRule : IMeshRule
{
    private const long ProxyUser = 1337;
    private const string AutoImage = "auto";

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var webhooks = new InjectionResolver(mesh.Snapshot.Webhooks, mesh.Snapshot.Injectors);
        foreach (var pod in mesh.Pods.Where(pod => !InjectionResolver.IgnoredNamespaces.Contains(pod.Namespace)))
        {
            if (!ServiceRule.IsControlPlane(pod) && RunsAsProxy(pod))
                yield return WorkloadFindings.ProxyUser.At($"Pod {pod.Key}");
            if (HasAutoImage(pod))
                yield return WorkloadFindings.AutoImagePod.At($"Pod {pod.Key}");
        }

        foreach (var deployment in mesh.Snapshot.Deployments.Where(item => !InjectionResolver.IgnoredNamespaces.Contains(item.Namespace)))
        {
            var subject = $"Deployment {deployment.Key}";
            if (!ServiceRule.IsControlPlane(deployment) && RunsAsProxy(deployment.Template))
                yield return WorkloadFindings.ProxyUser.At(subject);
            if (HasAutoImage(deployment.Template) && !IsInjected(mesh, webhooks, deployment))
                yield return MeshIndex.Unless(mesh.Snapshot.IsComplete || mesh.Snapshot.Webhooks.Count > 0, "webhook", WorkloadFindings.AutoImageDeployment.At(subject));
            if (!mesh.IsInMesh(deployment.Template) || deployment.Labels["gateway.istio.io/managed"] == "istio.io-mesh-controller")
                continue;
            foreach (var finding in Ports(subject, mesh.Services.Selecting(deployment.Namespace, deployment.Template.Labels)))
                yield return finding;
        }
    }

    private static bool RunsAsProxy(PodRecord pod) => pod.RunAsUser == ProxyUser
        || pod.Containers.Any(container => !container.IsInit && container.Name != IstioNames.Proxy && container.RunAsUser == ProxyUser);

    private static bool HasAutoImage(PodRecord pod) => pod.Containers.Any(container => !container.IsInit && container is { Name: IstioNames.Proxy, Image: AutoImage });

    private static bool IsInjected(MeshIndex mesh, InjectionResolver webhooks, DeploymentRecord deployment) =>
        webhooks.Resolve(deployment.Namespace, mesh.Namespace(deployment.Namespace)?.Labels ?? LabelSet.Empty, deployment.Template.Labels, LabelSet.Empty, hostNetwork: false).Webhooks.Count > 0;

    private static IEnumerable<Finding> Ports(string subject, IEnumerable<ServiceRecord> services)
    {
        var uses = services.SelectMany(service => service.Ports.Select(port => (Service: service.Key, Port: port))).ToArray();
        foreach (var group in uses.GroupBy(use => use.Port.Port))
        {
            if (group.Select(use => use.Port.Protocol).Distinct().Count() > 1)
                yield return WorkloadFindings.PortProtocolsConflict.At(subject, Names(group.Select(use => use.Service)), group.Key);
        }

        foreach (var group in uses.GroupBy(use => use.Port.TargetNumber is { } number ? $"{number}" : use.Port.TargetPort, StringComparer.Ordinal))
        {
            var ports = group.Select(use => use.Port.Port).Distinct().Order().ToArray();
            if (ports.Length > 1)
                yield return WorkloadFindings.TargetPortConflict.At(subject, Names(group.Select(use => use.Service)), group.Key, string.Join(", ", ports));
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct().Order(StringComparer.Ordinal));
}
