using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>
/// Which webhooks the API server calls for a write: those whose rules name the kind and whose selectors take the namespace and the object
/// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
/// </summary>
internal static class WebhookMatching
{
    /// <summary>The webhooks of the configurations, which are given in the order of their names, that a write concerns.</summary>
    internal static IEnumerable<JsonObject> Matching(
        IEnumerable<JsonObject> configurations,
        ResourceKind kind,
        AdmissionOperation operation,
        IReadOnlyDictionary<string, string> namespaceLabels,
        IReadOnlyDictionary<string, string> objectLabels) =>
        from configuration in configurations
        from webhook in configuration.List("webhooks")
        where webhook.List("rules").Any(rule => Names(rule, kind, operation))
        where !kind.Namespaced || LabelSelectors.Matches(webhook["namespaceSelector"], namespaceLabels)
        where LabelSelectors.Matches(webhook["objectSelector"], objectLabels)
        select webhook;

    private static bool Names(JsonObject rule, ResourceKind kind, AdmissionOperation operation) =>
        Has(rule, "operations", operation.ToString().ToUpperInvariant())
        && Has(rule, "apiGroups", kind.Group)
        && Has(rule, "apiVersions", kind.Version)
        && (Has(rule, "resources", kind.Plural) || rule.Texts("resources").Contains("*/*"))
        && (rule.Text("scope") is null or "*" || rule.Text("scope") == (kind.Namespaced ? "Namespaced" : "Cluster"));

    private static bool Has(JsonObject rule, string list, string value) => rule.Texts(list).Any(item => item == "*" || item == value);
}
