using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>Writes webhook configurations and label selectors, as <see cref="Reading.WebhookReader"/> reads them.</summary>
internal static class WebhookWriter
{
    // Base64 of "not kept": that there is a CA counts, not which.
    private const string AnyCaBundle = "bm90IGtlcHQ=";

    internal static void Write(Utf8JsonWriter json, WebhookConfiguration configuration)
    {
        var kind = configuration.IsMutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
        json.Begin("admissionregistration.k8s.io/v1", kind, configuration);
        json.WriteStartArray("webhooks"u8);
        foreach (var webhook in configuration.Webhooks)
            Write(json, webhook);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteValue(Utf8JsonWriter json, LabelSelector selector)
    {
        json.WriteStartObject();
        if (selector.MatchExpressions.Count > 0)
        {
            json.WriteStartArray("matchExpressions"u8);
            foreach (var expression in selector.MatchExpressions)
            {
                json.WriteStartObject();
                json.Text("key", expression.Key);
                json.Text("operator", expression.Operator);
                json.Texts("values", expression.Values);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.Labels("matchLabels", selector.MatchLabels);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Webhook webhook)
    {
        json.WriteStartObject();
        json.WriteStartObject("clientConfig"u8);
        json.Text("caBundle", webhook.HasCaBundle ? AnyCaBundle : "");
        if (webhook.ServiceName.Length > 0 || webhook.ServiceNamespace.Length > 0)
        {
            json.WriteStartObject("service"u8);
            json.Text("name", webhook.ServiceName);
            json.Text("namespace", webhook.ServiceNamespace);
            json.WriteEndObject();
        }

        json.Text("url", webhook.Url, otherwise: null);
        json.WriteEndObject();
        json.Text("failurePolicy", webhook.FailurePolicy, "Fail");
        if (webhook.MatchConditions.Count > 0)
        {
            json.WriteStartArray("matchConditions"u8);
            foreach (var condition in webhook.MatchConditions)
            {
                json.WriteStartObject();
                json.Text("name", condition);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.Text("name", webhook.Name);
        json.WritePropertyName("namespaceSelector"u8);
        WriteValue(json, webhook.NamespaceSelector);
        json.WritePropertyName("objectSelector"u8);
        WriteValue(json, webhook.ObjectSelector);
        json.WriteEndObject();
    }
}
