using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// Writes what a control plane keeps in ConfigMaps: the mesh config in <c>istio</c> (here as JSON, which is YAML as well) and the values
/// of its injectors. No other ConfigMap is in a snapshot.
/// </summary>
internal static class ConfigMapWriter
{
    internal static void Write(Utf8JsonWriter json, MeshConfig mesh) =>
        Write(json, new ConfigMap { Namespace = mesh.RootNamespace, Name = "istio" }, "mesh", fields => MeshConfigWriter.Write(fields, mesh));

    internal static void Write(Utf8JsonWriter json, InjectorRecord injector) => Write(json, injector, "values", values =>
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
    });

    private static void Write(Utf8JsonWriter json, MeshObject configMap, string key, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var inner = new Utf8JsonWriter(text))
            write(inner);
        json.Begin("v1", "ConfigMap", configMap);
        json.WriteStartObject("data"u8);
        json.WriteString(key, Encoding.UTF8.GetString(text.WrittenSpan));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private sealed record ConfigMap : MeshObject;
}
