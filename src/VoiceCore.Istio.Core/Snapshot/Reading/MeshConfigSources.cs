using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// The places that a mesh config was found in: ConfigMaps <c>istio</c> and <c>istio-&lt;revision&gt;</c> of control planes, and
/// IstioOperator documents. What was set expressly comes first, then the ConfigMap of the default revision, then that of the last revision
/// in ordinal order, then the IstioOperator.
/// </summary>
internal sealed class MeshConfigSources
{
    private readonly Dictionary<string, JsonTree> _configMaps = new(StringComparer.Ordinal);
    private JsonTree? _given;
    private JsonTree? _operator;

    internal void Set(JsonTree fields) => _given = fields;

    internal void AddConfigMap(JsonTree configMap, string defaultNamespace)
    {
        var metadata = configMap.Field("metadata");
        var name = metadata?.Text("name") ?? "";
        if ((name != "istio" && !name.StartsWith("istio-", StringComparison.Ordinal)) || configMap.Field("data")?.Text("mesh") is not { } mesh)
            return;
        if (EmbeddedYaml.Read(mesh, "data.mesh") is { } config)
            _configMaps[$"{name}/{metadata?.Text("namespace") ?? defaultNamespace}"] = config;
    }

    internal void AddOperator(JsonTree json)
    {
        if (json.Field("spec").Field("meshConfig") is { } config)
            _operator = config;
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

    private JsonTree? FromConfigMaps()
    {
        if (_configMaps.Count == 0)
            return null;
        var keys = _configMaps.Keys.Order(StringComparer.Ordinal).ToArray();
        var key = Array.Find(keys, key => key.StartsWith("istio/", StringComparison.Ordinal)) ?? keys[^1];
        return _configMaps[key];
    }
}
