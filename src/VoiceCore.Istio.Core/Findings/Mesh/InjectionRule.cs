using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Labels of injection, pods that it passed over, and proxies of another version.
/// Source: pkg/config/analysis/analyzers/injection of Istio (injection.go, injection-image.go).
/// </summary>
internal sealed class InjectionRule : IMeshRule
{
    private const string ControlPlane = "istio-system";

    private static readonly LabelSet Asking = LabelSet.Create([new(IstioNames.Inject, "true")]);

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var resolver = new InjectionResolver(mesh.Snapshot.Webhooks, mesh.Snapshot.Injectors);
        var injectors = mesh.Snapshot.Injectors.DistinctBy(injector => injector.Name).ToDictionary(injector => injector.Name);
        var types = new ProxyImageTypes(mesh.Snapshot);
        return mesh.Snapshot.Namespaces
            .Where(item => item.Name is not ControlPlane && item.Name != mesh.Snapshot.Mesh.RootNamespace && !InjectionResolver.IgnoredNamespaces.Contains(item.Name))
            .SelectMany(item => OfNamespace(mesh, item, resolver, Injector(injectors, item)).Concat(Images(mesh, item, Injector(injectors, item), types)));
    }

    private static InjectorRecord? Injector(Dictionary<string, InjectorRecord> injectors, NamespaceRecord item) =>
        injectors.GetValueOrDefault(item.Labels[IstioNames.Revision] is { Length: > 0 } revision and not "default" ? $"{InjectorRecord.DefaultName}-{revision}" : InjectorRecord.DefaultName);

    private static IEnumerable<Finding> OfNamespace(MeshIndex mesh, NamespaceRecord item, InjectionResolver resolver, InjectorRecord? injector)
    {
        var subject = $"Namespace {item.Name}";
        var (injection, revision, mode) = (item.Labels[IstioNames.Injection], item.Labels[IstioNames.Revision], item.Labels[IstioNames.DataPlaneMode]);
        var labels = new List<string>();
        if (injection is not null)
            labels.Add($"{IstioNames.Injection}={injection}");
        if (injection is null or "enabled")
        {
            if (revision is not null)
                labels.Add($"{IstioNames.Revision}={revision}");
            if (mode is not null)
                labels.Add($"{IstioNames.DataPlaneMode}={mode}");
        }

        if (labels.Count > 1)
            yield return MeshFindings.InjectionLabelConflict.At(subject, string.Join(" and ", labels));
        if (mode == "ambient")
            yield break;
        if (string.IsNullOrEmpty(injection) && revision is null)
        {
            // Gateways have a namespace of their own and ask for their proxies themselves.
            if (injector is not { EnableNamespacesByDefault: true } && mesh.WorkloadsWith(item.Name, Asking).Any())
                yield break;
            yield return (injector is { EnableNamespacesByDefault: true } ? WorkloadFindings.InjectedByDefault : MeshFindings.NamespaceSilent).At(subject);
            yield break;
        }

        if (injection is null && revision is not null && resolver.Webhooks.Any() && !resolver.Serves(revision))
            yield return MeshFindings.RevisionUnserved.At(subject, IstioNames.Revision, revision);
        if (injection != "enabled")
            yield break;
        foreach (var pod in mesh.PodsByNamespace[item.Name])
        {
            var wish = pod.Labels[IstioNames.Inject] ?? pod.Annotations[IstioNames.Inject];
            if (!pod.HostNetwork && pod.Proxy is null && !string.Equals(wish, "false", StringComparison.OrdinalIgnoreCase))
                yield return MeshFindings.PodWithoutProxy.At($"Pod {pod.Key}");
        }
    }

    private static IEnumerable<Finding> Images(MeshIndex mesh, NamespaceRecord item, InjectorRecord? injector, ProxyImageTypes types)
    {
        if (injector is not { ProxyImage.Length: > 0 } || (item.Labels[IstioNames.Injection] != "enabled" && item.Labels[IstioNames.Revision] is null))
            yield break;
        var old = mesh.PodsByNamespace[item.Name]
            .Where(pod => pod.Proxy is { } proxy && string.IsNullOrEmpty(pod.Annotations["sidecar.istio.io/proxyImage"])
                && proxy.Image != injector.ProxyImage && proxy.Image != $"{injector.ProxyImage}-{types.Of(pod)}")
            .Select(pod => pod.Name)
            .ToArray();
        if (old.Length > 0)
            yield return WorkloadFindings.ProxyImageDiffers.At($"Namespace {item.Name}", old.Length, injector.ProxyImage, string.Join(", ", old.Take(3)) + (old.Length > 3 ? ", ..." : ""));
    }
}
