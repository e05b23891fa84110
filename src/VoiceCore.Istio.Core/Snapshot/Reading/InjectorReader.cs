using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the values that a control plane injects with (pkg/config/analysis/analyzers/injection of Istio reads the same).</summary>
internal static class InjectorReader
{
    /// <summary>What the ConfigMap says; null for one that is not an injector's, or whose values are not JSON.</summary>
    internal static InjectorRecord? Read(JsonTree configMap, StringPool pool, string defaultNamespace)
    {
        var metadata = configMap.Field("metadata");
        var name = metadata?.Text("name") ?? "";
        if (!name.StartsWith(InjectorRecord.DefaultName, StringComparison.Ordinal) || configMap.Field("data")?.Text("values") is not { } text)
            return null;
        var config = configMap.Field("data")?.Text("config") is { } yaml ? EmbeddedYaml.Read(yaml, "data.config") : null;
        try
        {
            var values = JsonTree.Parse(text);
            var global = values.Field("global");
            var image = global.Field("proxy")?.Text("image") ?? "";
            return new InjectorRecord
            {
                Name = name,
                Namespace = metadata?.Text("namespace") ?? defaultNamespace,
                EnableNamespacesByDefault = values.Field("sidecarInjectorWebhook")?.Flag("enableNamespacesByDefault") ?? false,
                ProxyImage = image.Length == 0 || image.Contains('/') ? image : $"{global?.Text("hub")}/{image}:{global?.Text("tag")}",
                Policy = config?.Text("policy") ?? "enabled",
                NeverInject = Selectors(config, "neverInjectSelector", pool),
                AlwaysInject = Selectors(config, "alwaysInjectSelector", pool),
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LabelSelector[] Selectors(JsonTree? config, string name, StringPool pool) =>
        config.Map(name, selector => WebhookReader.Selector(selector, pool));
}
