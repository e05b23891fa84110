using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>
/// Calls the webhooks that a write concerns, as the API server does: first those that change the object, in the order of their
/// configurations' names, then those that validate. Behind them stands istiod as long as a pod of its Service is ready; where it is not, the
/// write fails or goes on as the webhook's <c>failurePolicy</c> says.
/// </summary>
public sealed class WebhookAdmission : IAdmission
{
    private const string Group = "admissionregistration.k8s.io";

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request, SandboxCluster cluster)
    {
        // Webhooks are never asked about webhooks.
        if (request.Kind.Group == Group)
            return;
        foreach (var webhook in Called("MutatingWebhookConfiguration", request, cluster))
        {
            if (Istiod(webhook, cluster) is { } istiod && webhook.Text("clientConfig", "service", "path")?.StartsWith("/inject", StringComparison.Ordinal) == true)
                PodInjection.Inject(request.Object, request.Object.Namespace() ?? "", istiod);
        }

        foreach (var webhook in Called("ValidatingWebhookConfiguration", request, cluster))
        {
            if (Istiod(webhook, cluster) is not null && WhyInvalid(request) is { } reason)
                throw ApiErrors.BadRequest($"admission webhook \"{webhook.Text("name")}\" denied the request: configuration is invalid: {reason}");
        }
    }

    // Of istiod's validation only this much is played: the object by which one sees whether there is any.
    private static string? WhyInvalid(AdmissionRequest request) =>
        request.Kind is { Group: "networking.istio.io", Kind: "Gateway" } && !request.Object.Map("spec").List("servers").Any()
            ? "gateway must have at least one server"
            : null;

    private static JsonObject[] Called(string kind, AdmissionRequest request, SandboxCluster cluster)
    {
        var ns = request.Object.Namespace() is { } name ? cluster.Store.Get(BuiltInKinds.Namespace, null, name) : null;
        return WebhookMatching.Matching(
            cluster.Store.List(cluster.Kinds.Get(Group, kind)), request.Kind, request.Operation, ns?.Labels() ?? new Dictionary<string, string>(), request.Object.Labels()).ToArray();
    }

    // What istiod behind a webhook goes by; null where it does not answer and the webhook may be passed over.
    private static InjectorSettings? Istiod(JsonObject webhook, SandboxCluster cluster)
    {
        var client = webhook.Map("clientConfig");
        var (ns, name) = (client.Text("service", "namespace") ?? "", client.Text("service", "name"));
        if (name is null)
            throw ApiErrors.NotImplemented($"webhooks outside the cluster ({webhook.Text("name")})");
        var service = cluster.Store.Get(BuiltInKinds.Service, ns, name);
        var settings = service is null ? null : Settings(service, ns, cluster);
        var failure =
            service is null ? $"service \"{name}\" not found"
            : !HasReadyEndpoint(ns, name, cluster) ? $"no endpoints available for service \"{name}\""
            : string.IsNullOrEmpty(client.Text("caBundle")) ? "tls: failed to verify certificate: x509: certificate signed by unknown authority"
            : settings is null ? "connection refused"
            : null;
        if (failure is null)
            return settings;
        if (webhook.Text("failurePolicy") == "Ignore")
            return null;
        var url = $"https://{name}.{ns}.svc:{client.Number("service", "port") ?? 443}{client.Text("service", "path")}?timeout={webhook.Number("timeoutSeconds") ?? 10}s";
        throw ApiErrors.Internal($"failed calling webhook \"{webhook.Text("name")}\": failed to call webhook: Post \"{url}\": {failure}");
    }

    private static InjectorSettings? Settings(JsonObject service, string ns, SandboxCluster cluster)
    {
        if (service.Text("spec", "selector", "app") != "istiod" || service.Text("spec", "selector", "istio.io/rev") is not { } revision)
            return null;
        var ending = revision == "default" ? "" : "-" + revision;
        return cluster.Store.Get(BuiltInKinds.ConfigMap, ns, "istio-sidecar-injector" + ending) is { } injector
            && cluster.Store.Get(BuiltInKinds.ConfigMap, ns, "istio" + ending) is { } mesh
                ? InjectorSettings.Read(revision, ns, injector, mesh)
                : null;
    }

    private static bool HasReadyEndpoint(string ns, string service, SandboxCluster cluster) =>
        cluster.Store.List(cluster.Kinds.Get("discovery.k8s.io", "EndpointSlice"), ns)
            .Where(slice => slice.Labels().GetValueOrDefault("kubernetes.io/service-name") == service)
            .SelectMany(slice => slice.List("endpoints"))
            .Any(endpoint => endpoint.Flag("conditions", "ready"));
}
