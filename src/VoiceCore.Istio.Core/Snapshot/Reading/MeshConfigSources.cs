using System.Text.Json;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// The places that a mesh config was found in: ConfigMaps <c>istio</c> and <c>istio-&lt;revision&gt;</c> of control planes, and
/// IstioOperator documents. What was set expressly comes first, then the ConfigMap of the default revision, then that of the last revision
/// in ordinal order, then the IstioOperator.
/// </summary>
internal sealed class MeshConfigSources
{
    private readonly Dictionary<string, JsonElement> _configMaps = new(StringComparer.Ordinal);
    private JsonElement? _given;
    private JsonElement? _operator;

    internal void Set(JsonElement fields) => _given = fields.Clone();

    internal void AddConfigMap(JsonElement configMap, string defaultNamespace)
    {
        var metadata = configMap.Field("metadata");
        var name = metadata?.Text("name") ?? "";
        if ((name != "istio" && !name.StartsWith("istio-", StringComparison.Ordinal)) || configMap.Field("data")?.Text("mesh") is not { } mesh)
            return;
        if (EmbeddedYaml.Read(mesh, "data.mesh") is { } config)
            _configMaps[$"{name}/{metadata?.Text("namespace") ?? defaultNamespace}"] = config;
    }

    internal void AddOperator(JsonElement json)
    {
        if (json.Field("spec").Field("meshConfig") is { } config)
            _operator = config.Clone();
    }

    /// <exception cref="MeshException">A field holds what it cannot hold.</exception>
    internal MeshConfig Choose(StringPool pool)
    {
        try
        {
            return (_given ?? FromConfigMaps() ?? _operator) is { } json ? MeshConfigReader.Read(json, pool) : MeshConfig.Default;
        }
        catch (FormatException error)
        {
            throw SnapshotErrors.MeshConfigInvalid(error);
        }
    }

    private JsonElement? FromConfigMaps()
    {
        if (_configMaps.Count == 0)
            return null;
        var keys = _configMaps.Keys.Order(StringComparer.Ordinal).ToArray();
        var key = Array.Find(keys, key => key.StartsWith("istio/", StringComparison.Ordinal)) ?? keys[^1];
        return _configMaps[key];
    }
}
