namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads webhook configurations and Kubernetes' label selectors.</summary>
internal static class WebhookReader
{
    internal static WebhookConfiguration Read(string kind, JsonTree json, StringPool pool) => new()
    {
        IsMutating = kind == "MutatingWebhookConfiguration",
        Namespace = "",
        Name = json.Field("metadata")?.Text("name") ?? "",
        Created = json.Field("metadata")?.Text("creationTimestamp") is { } time ? JsonTokens.ParseTime(time) : default,
        Labels = json.Field("metadata")?.Labels("labels", pool) ?? LabelSet.Empty,
        Webhooks = json.Map("webhooks", webhook =>
        {
            var client = webhook.Field("clientConfig");
            return new Webhook
            {
                Name = webhook.Text("name", ""),
                NamespaceSelector = Selector(webhook.Field("namespaceSelector"), pool),
                ObjectSelector = Selector(webhook.Field("objectSelector"), pool),
                MatchConditions = webhook.Map("matchConditions", condition => condition.Text("name", "")),
                FailurePolicy = webhook.Text("failurePolicy", "Fail"),
                ServiceNamespace = client.Field("service")?.Text("namespace") ?? "",
                ServiceName = client.Field("service")?.Text("name") ?? "",
                Url = client?.Text("url"),
                HasCaBundle = client?.Text("caBundle") is { Length: > 0 },
            };
        }),
    };

    internal static LabelSelector Selector(JsonTree? selector, StringPool pool) => selector is not { } json
        ? LabelSelector.Everything
        : new LabelSelector(
            json.Labels("matchLabels", pool) ?? LabelSet.Empty,
            json.Map("matchExpressions", expression => new LabelExpression(
                expression.Text("key", ""),
                expression.Text("operator", ""),
                expression.Texts("values"))));
}
