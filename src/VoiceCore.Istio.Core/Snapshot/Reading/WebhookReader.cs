using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads webhook configurations and Kubernetes' label selectors.</summary>
internal static class WebhookReader
{
    internal static WebhookConfiguration Read(string kind, JsonElement json, StringPool pool) => new()
    {
        IsMutating = kind == "MutatingWebhookConfiguration",
        Namespace = "",
        Name = pool.Get(json.Field("metadata")?.Text("name") ?? ""),
        Created = json.Field("metadata")?.Text("creationTimestamp") is { } time ? JsonTokens.ParseTime(time) : default,
        Labels = json.Field("metadata")?.Labels("labels", pool) ?? LabelSet.Empty,
        Webhooks = json.Items("webhooks").Select(webhook =>
        {
            var client = webhook.Field("clientConfig");
            return new Webhook
            {
                Name = pool.Get(webhook.Text("name", "")),
                NamespaceSelector = Selector(webhook.Field("namespaceSelector"), pool),
                ObjectSelector = Selector(webhook.Field("objectSelector"), pool),
                MatchConditions = webhook.Map("matchConditions", condition => pool.Get(condition.Text("name", ""))),
                FailurePolicy = pool.Get(webhook.Text("failurePolicy", "Fail")),
                ServiceNamespace = pool.Get(client.Field("service")?.Text("namespace") ?? ""),
                ServiceName = pool.Get(client.Field("service")?.Text("name") ?? ""),
                Url = client?.Text("url"),
                HasCaBundle = client?.Text("caBundle") is { Length: > 0 },
            };
        }).ToArray(),
    };

    internal static LabelSelector Selector(JsonElement? selector, StringPool pool) => selector is not { } json
        ? LabelSelector.Everything
        : new LabelSelector(
            json.Labels("matchLabels", pool) ?? LabelSet.Empty,
            json.Items("matchExpressions").Select(expression => new LabelExpression(
                pool.Get(expression.Text("key", "")),
                pool.Get(expression.Text("operator", "")),
                expression.Texts("values", pool))).ToArray());
}
