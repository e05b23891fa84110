using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>Whether Istio's webhook configurations lead to something that can answer: pure.</summary>
internal static class WebhookCheck
{
    /// <summary>Whether a configuration is Istio's.</summary>
    internal static bool IsIstios(WebhookConfiguration configuration) =>
        configuration.Webhooks.Any(webhook => webhook.Name.EndsWith(".istio.io", StringComparison.Ordinal));

    /// <summary>As people write it: <c>MutatingWebhookConfiguration istio-sidecar-injector</c>.</summary>
    internal static string NameOf(WebhookConfiguration configuration) =>
        $"{(configuration.IsMutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration")} {configuration.Name}";

    internal static InstallationCheck Of(WebhookConfiguration configuration, MeshSnapshot snapshot)
    {
        var problems = configuration.Webhooks.SelectMany(webhook => Problems(webhook, configuration, snapshot)).Distinct().ToArray();
        return problems.Length == 0
            ? InstallationCheck.Ok(InstallationAspect.Webhook, NameOf(configuration), Target(configuration.Webhooks[0]))
            : InstallationCheck.Failed(InstallationAspect.Webhook, NameOf(configuration), string.Join(' ', problems));
    }

    private static IEnumerable<string> Problems(Webhook webhook, WebhookConfiguration configuration, MeshSnapshot snapshot)
    {
        if (webhook.ServiceName.Length > 0)
        {
            if (!snapshot.Services.Any(service => service.Namespace == webhook.ServiceNamespace && service.Name == webhook.ServiceName))
                yield return $"Service {webhook.ServiceNamespace}/{webhook.ServiceName} does not exist.";
            else if (!HasReadyEndpoint(webhook, snapshot))
                yield return $"Service {webhook.ServiceNamespace}/{webhook.ServiceName} has no ready endpoint.";
        }

        if (!webhook.HasCaBundle)
            yield return "The caBundle is empty: istiod has not written it, and the API server trusts no answer.";

        // The validating one starts with Ignore; istiod closes it as soon as it answers (pkg/webhooks/validation/controller).
        if (webhook.FailurePolicy != "Fail")
            yield return $"The failurePolicy is {webhook.FailurePolicy}: {(configuration.IsMutating ? "pods start without a sidecar" : "invalid objects get through")} while istiod does not answer.";
    }

    private static bool HasReadyEndpoint(Webhook webhook, MeshSnapshot snapshot) => snapshot.EndpointSlices
        .Where(slice => slice.Namespace == webhook.ServiceNamespace && slice.Service == webhook.ServiceName)
        .SelectMany(slice => slice.Endpoints)
        .Any(endpoint => endpoint.Ready);

    private static string Target(Webhook webhook) =>
        webhook.ServiceName.Length > 0 ? $"Answered by Service {webhook.ServiceNamespace}/{webhook.ServiceName}." : $"Answered at {webhook.Url}.";
}
