using System.Net;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Webhooks that nobody answers, or that inject the same pods. Sources: pkg/config/analysis/analyzers/webhook and externalcontrolplane of Istio;
/// that validating webhooks are looked at too is our addition.
/// </summary>
internal sealed class WebhookRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.Webhooks.SelectMany(configuration => Dangling(mesh, configuration).Concat(Addresses(configuration)))
            .Concat(Overlaps(mesh.Snapshot));

    private static string Subject(WebhookConfiguration configuration) =>
        $"{(configuration.IsMutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration")} {configuration.Name}";

    private static bool IsIstios(WebhookConfiguration configuration) => configuration.Labels[IstioNames.Revision] is not null
        || configuration.Webhooks.Any(webhook => webhook.Name.EndsWith("istio.io", StringComparison.Ordinal) || Revisions(webhook).Any());

    private static IEnumerable<Finding> Dangling(MeshIndex mesh, WebhookConfiguration configuration)
    {
        if (!IsIstios(configuration))
            yield break;
        foreach (var webhook in configuration.Webhooks.Where(webhook => webhook.ServiceName.Length > 0))
        {
            if (mesh.Services.Of(webhook.ServiceNamespace).Any(service => service.Name == webhook.ServiceName))
                continue;
            yield return MeshIndex.Unless(
                mesh.Snapshot.IsComplete || mesh.Services.Any(webhook.ServiceNamespace),
                "Service of that namespace",
                MeshFindings.DanglingWebhook.At(Subject(configuration), webhook.Name, $"{webhook.ServiceNamespace}/{webhook.ServiceName}"));
        }
    }

    private static IEnumerable<Finding> Addresses(WebhookConfiguration configuration)
    {
        var isIstios = configuration.IsMutating
            ? configuration.Name.StartsWith(InjectorRecord.DefaultName, StringComparison.Ordinal)
            : configuration.Name == "istiod-default-validator" || configuration.Name.StartsWith("istio-validator", StringComparison.Ordinal);
        foreach (var webhook in configuration.Webhooks.Where(_ => isIstios))
        {
            if (webhook.Url is null)
            {
                if (webhook.ServiceName.Length == 0)
                    yield return ControlPlaneFindings.WebhookWithoutAddress.At(Subject(configuration), webhook.Name, "");
            }
            // Kubernetes calls https addresses only.
            else if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.Host.Length == 0)
            {
                yield return ControlPlaneFindings.WebhookWithoutAddress.At(Subject(configuration), webhook.Name, webhook.Url);
            }
            else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
            {
                yield return ControlPlaneFindings.WebhookAddressIsIp.At(Subject(configuration), webhook.Name, webhook.Url);
            }
        }
    }

    // Every namespace and pod that labels of injection can tell apart.
    private static IEnumerable<Finding> Overlaps(MeshSnapshot snapshot)
    {
        var configurations = snapshot.Webhooks.Where(configuration => configuration.IsMutating && IsIstios(configuration)).ToArray();
        var revisions = configurations
            .SelectMany(configuration => configuration.Webhooks.SelectMany(Revisions).Concat(configuration.Labels[IstioNames.Revision] is { } own ? [own] : []))
            .Distinct()
            .ToArray();
        var namespaces = Labels(IstioNames.Injection, ["enabled", "disabled"], revisions).ToArray();
        var pods = Labels(IstioNames.Inject, ["true", "false"], revisions).ToArray();
        var webhooks = configurations.SelectMany(configuration => configuration.Webhooks.Select(webhook => (Configuration: configuration, Webhook: webhook))).ToArray();
        return namespaces
            .SelectMany(labels => pods.Select(pod => Array.FindAll(webhooks, item => item.Webhook.NamespaceSelector.Matches(labels) && item.Webhook.ObjectSelector.Matches(pod))))
            .Where(matched => matched.Length > 1)
            .SelectMany(matched => matched.SelectMany(one => matched.Where(other => other != one).Select(other => (one, other))))
            .Distinct()
            .Select(pair => ControlPlaneFindings.WebhooksOverlap.At(
                Subject(pair.one.Configuration), pair.one.Webhook.Name, $"{pair.other.Configuration.Name}/{pair.other.Webhook.Name}"));
    }

    private static IEnumerable<LabelSet> Labels(string name, string[] values, string[] revisions) =>
        from value in values.Prepend(null)
        from revision in revisions.Prepend(null)
        select LabelSet.Create(new[] { (Key: name, Value: value), (Key: IstioNames.Revision, Value: revision) }
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private static IEnumerable<string> Revisions(Webhook webhook) => new[] { webhook.NamespaceSelector, webhook.ObjectSelector }.SelectMany(selector =>
        selector.MatchExpressions.Where(expression => expression.Key == IstioNames.Revision).SelectMany(expression => expression.Values)
            .Concat(selector.MatchLabels[IstioNames.Revision] is { } revision ? [revision] : []));
}
