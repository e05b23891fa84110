using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Labels of injection, pods that it passed over, and webhooks whose service is gone.
/// Sources: pkg/config/analysis/analyzers/injection/injection.go and webhook/webhook.go; validating webhooks are our addition.
/// </summary>
internal sealed class InjectionRule : IMeshRule
{
    private const string DataPlaneMode = "istio.io/dataplane-mode";

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var resolver = new InjectionResolver(mesh.Snapshot.Webhooks);
        return mesh.Snapshot.Namespaces
            .Where(item => item.Name != mesh.Snapshot.Mesh.RootNamespace && !InjectionResolver.IgnoredNamespaces.Contains(item.Name))
            .SelectMany(item => OfNamespace(mesh, item, resolver))
            .Concat(mesh.Snapshot.Webhooks.SelectMany(configuration => Dangling(mesh.Snapshot, configuration)));
    }

    private static IEnumerable<Finding> OfNamespace(MeshIndex mesh, NamespaceRecord item, InjectionResolver resolver)
    {
        var subject = $"Namespace {item.Name}";
        var (injection, revision, mode) = (item.Labels[IstioNames.Injection], item.Labels[IstioNames.Revision], item.Labels[DataPlaneMode]);
        var labels = new List<string>();
        if (injection is not null)
            labels.Add($"{IstioNames.Injection}={injection}");
        if (injection is null or "enabled")
        {
            if (revision is not null)
                labels.Add($"{IstioNames.Revision}={revision}");
            if (mode is not null)
                labels.Add($"{DataPlaneMode}={mode}");
        }

        if (labels.Count > 1)
            yield return MeshFindings.InjectionLabelConflict.At(subject, string.Join(" and ", labels));
        if (mode == "ambient")
            yield break;
        if (string.IsNullOrEmpty(injection) && revision is null)
        {
            yield return MeshFindings.NamespaceSilent.At(subject);
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

    // Only where the snapshot knows services of that namespace can it tell that one is missing.
    private static IEnumerable<Finding> Dangling(MeshSnapshot snapshot, WebhookConfiguration configuration) =>
        configuration.Webhooks
            .Where(webhook => webhook.Name.EndsWith("istio.io", StringComparison.Ordinal) && webhook.ServiceName.Length > 0)
            .Where(webhook => snapshot.Services.Any(service => service.Namespace == webhook.ServiceNamespace)
                && !snapshot.Services.Any(service => service.Namespace == webhook.ServiceNamespace && service.Name == webhook.ServiceName))
            .Select(webhook => MeshFindings.DanglingWebhook.At(
                $"{(configuration.IsMutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration")} {configuration.Name}",
                webhook.Name,
                $"{webhook.ServiceNamespace}/{webhook.ServiceName}"));
}
