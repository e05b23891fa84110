using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// Writes what a control plane keeps in ConfigMaps (here as JSON, which is YAML as well): the mesh config in <c>istio</c>, and the settings
/// and values of its injectors. No other ConfigMap is in a snapshot.
/// </summary>
internal static class ConfigMapWriter
{
    internal static void Write(Utf8JsonWriter json, MeshConfig mesh) =>
        Write(json, new ConfigMap { Namespace = mesh.RootNamespace, Name = "istio" }, ("mesh", fields => MeshConfigWriter.Write(fields, mesh)));

    internal static void Write(Utf8JsonWriter json, InjectorRecord injector) =>
        Write(json, injector, ("config", fields => WriteConfig(fields, injector)), ("values", fields => WriteValues(fields, injector)));

    private static void WriteConfig(Utf8JsonWriter config, InjectorRecord injector)
    {
        config.WriteStartObject();
        WriteSelectors(config, "alwaysInjectSelector", injector.AlwaysInject);
        WriteSelectors(config, "neverInjectSelector", injector.NeverInject);
        config.WriteString("policy"u8, injector.Policy);
        config.WriteEndObject();
    }

    private static void WriteSelectors(Utf8JsonWriter config, string name, IReadOnlyList<LabelSelector> selectors)
    {
        config.WriteStartArray(name);
        foreach (var selector in selectors)
            WebhookWriter.WriteValue(config, selector);
        config.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter values, InjectorRecord injector)
    {
        values.WriteStartObject();
        values.WriteStartObject("global"u8);
        values.WriteStartObject("proxy"u8);
        values.Text("image", injector.ProxyImage);
        values.WriteEndObject();
        values.WriteEndObject();
        values.WriteStartObject("sidecarInjectorWebhook"u8);
        values.Flag("enableNamespacesByDefault", injector.EnableNamespacesByDefault);
        values.WriteEndObject();
        values.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MeshObject configMap, params (string Key, Action<Utf8JsonWriter> Write)[] data)
    {
        json.Begin("v1", "ConfigMap", configMap);
        json.WriteStartObject("data"u8);
        foreach (var (key, write) in data)
        {
            var text = new ArrayBufferWriter<byte>();
            using (var inner = new Utf8JsonWriter(text))
                write(inner);
            json.WriteString(key, Encoding.UTF8.GetString(text.WrittenSpan));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private sealed record ConfigMap : MeshObject;
}
