using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>
/// What the IstioOperator documents and the single settings of a request say, merged: a later document overlays an earlier one, maps
/// field by field, lists as a whole; settings come last. What the sandbox does not play is refused, as is what istioctl refuses.
/// </summary>
internal sealed class OperatorSettings
{
    private static readonly string[] Fields = ["profile", "hub", "tag", "revision", "namespace", "meshConfig", "components", "values"];
    private static readonly string[] PilotFields = ["replicaCount", "resources", "hpaSpec", "env"];

    private readonly JsonObject _spec = [];
    private readonly IstioVersion _version;

    internal OperatorSettings(ControlPlaneRequest request, IstioVersion version)
    {
        _version = version;
        Revision = request.Revision;
        foreach (var document in request.OperatorDocuments.SelectMany(ManifestDocuments.Read))
        {
            if (document.Kind != "IstioOperator" || document.Group != "install.istio.io")
                throw Refused($"{document.ApiVersion} {document.Kind} is no IstioOperator");
            Merge(_spec, document.Json["spec"] as JsonObject ?? []);
        }

        foreach (var (path, value) in request.Settings)
            Set(_spec, path.Split('.'), Typed(value));
        Check();
    }

    /// <summary>The control plane's revision.</summary>
    internal string Revision { get; }

    /// <summary><c>istiod-1-30-3</c> of the names that end with the revision; the revision <c>default</c> has no ending.</summary>
    internal string Named(string name) => Revision == "default" ? name : $"{name}-{Revision}";

    /// <summary>The control plane's namespace.</summary>
    internal string Namespace => Text("values.global.istioNamespace") ?? Text("namespace") ?? "istio-system";

    /// <summary>Registry of Istio's images.</summary>
    internal string Hub => Text("hub") ?? Text("values.global.hub") ?? "docker.io/istio";

    /// <summary>Tag of Istio's images: the version.</summary>
    internal string Tag => Text("tag") ?? Text("values.global.tag") ?? _version.Text;

    /// <summary>Settings of the mesh, as given.</summary>
    internal JsonObject MeshConfig => Merged("values.meshConfig", "meshConfig");

    /// <summary>Environment of istiod.</summary>
    internal JsonObject Environment => Map("values.pilot.env");

    /// <summary>Environment of istiod in the form of a container's list.</summary>
    internal JsonArray MoreEnvironment => Find("components.pilot.k8s.env") as JsonArray ?? [];

    /// <summary>The resources of istiod's container; the chart's own requests where none are given.</summary>
    internal JsonObject Resources => Find("components.pilot.k8s.resources") as JsonObject ?? Find("values.pilot.resources") as JsonObject
        ?? new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "500m", ["memory"] = "2048Mi" } };

    /// <summary>Whether an autoscaler owns the number of replicas.</summary>
    internal bool IsAutoscaled => (bool?)Find("values.pilot.autoscaleEnabled") ?? true;

    /// <summary>The least number of replicas.</summary>
    internal int Minimum => !IsAutoscaled
        ? (int?)(Find("components.pilot.k8s.replicaCount") ?? Find("values.pilot.replicaCount")) ?? 1
        : (int?)(Find("components.pilot.k8s.hpaSpec.minReplicas") ?? Find("values.pilot.autoscaleMin")) ?? 1;

    /// <summary>The largest number of replicas.</summary>
    internal int Maximum => (int?)(Find("components.pilot.k8s.hpaSpec.maxReplicas") ?? Find("values.pilot.autoscaleMax")) ?? 5;

    /// <summary>The autoscaler's goal, percent of the requested CPU.</summary>
    internal int TargetCpuUtilization => (int?)Find("values.pilot.cpu.targetAverageUtilization") ?? 80;

    /// <summary>The resources of an injected proxy; the chart's own where none are given.</summary>
    internal JsonObject ProxyResources => Find("values.global.proxy.resources") as JsonObject ?? new JsonObject
    {
        ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" },
        ["limits"] = new JsonObject { ["cpu"] = "2000m", ["memory"] = "1024Mi" },
    };

    /// <summary>Helm values as given.</summary>
    internal JsonObject Values => Map("values");

    private void Check()
    {
        foreach (var (field, _) in _spec)
        {
            if (!Fields.Contains(field))
                throw Refused($"could not unmarshal: json: unknown field \"{field}\"");
        }

        if (Text("profile") is not ("minimal" or "empty" or null) and var profile)
            throw Refused($"the sandbox plays profile minimal only, not \"{profile}\"");
        foreach (var (component, settings) in Map("components"))
        {
            if (component is not ("base" or "pilot") && settings is not JsonArray { Count: 0 })
                throw Refused($"the sandbox plays istiod alone, not the component {component}");
        }

        foreach (var (field, _) in Map("components.pilot.k8s"))
        {
            if (!PilotFields.Contains(field))
                throw Refused($"the sandbox does not play components.pilot.k8s.{field}");
        }
    }

    private string? Text(string path) => Find(path)?.ToString();

    private JsonObject Map(string path) => Find(path) as JsonObject ?? [];

    private JsonObject Merged(string first, string second)
    {
        var merged = new JsonObject();
        Merge(merged, Map(first));
        Merge(merged, Map(second));
        return merged;
    }

    private JsonNode? Find(string path)
    {
        JsonNode? node = _spec;
        foreach (var part in path.Split('.'))
            node = (node as JsonObject)?[part];
        return node;
    }

    private static void Merge(JsonObject into, JsonObject overlay)
    {
        foreach (var (key, value) in overlay)
        {
            if (value is JsonObject map && into[key] is JsonObject known)
                Merge(known, map);
            else
                into[key] = value?.DeepClone();
        }
    }

    private static void Set(JsonObject spec, ReadOnlySpan<string> path, JsonNode value)
    {
        if (path.Length == 1)
        {
            spec[path[0]] = value;
            return;
        }

        if (spec[path[0]] is not JsonObject below)
            spec[path[0]] = below = [];
        Set(below, path[1..], value);
    }

    // As "--set" reads values.
    private static JsonValue Typed(string value) =>
        bool.TryParse(value, out var boolean) ? JsonValue.Create(boolean)
        : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(value);

    private static MeshException Refused(string reason) =>
        IstioctlErrors.Failed(nameof(IstioctlText.IstioctlManifestFailed), SandboxIstioctl.Name, 1, reason);
}
