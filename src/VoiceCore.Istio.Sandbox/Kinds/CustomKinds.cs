using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>The kinds that a CustomResourceDefinition defines (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/).</summary>
internal static class CustomKinds
{
    /// <summary>One kind for each served version, in the order in which the API offers them; empty where the definition is incomplete.</summary>
    internal static IReadOnlyList<ResourceKind> Of(JsonObject definition)
    {
        var spec = definition["spec"];
        if (spec?["names"] is not JsonObject names || (string?)spec["group"] is not { } group || (string?)names["plural"] is not { } plural || (string?)names["kind"] is not { } kind)
            return [];
        var versions = (spec["versions"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var storage = (string?)versions.FirstOrDefault(version => IsTrue(version["storage"]))?["name"] ?? "";
        return versions
            .Where(version => IsTrue(version["served"]))
            .OrderByDescending(version => Priority((string?)version["name"] ?? ""))
            .Select(version => new ResourceKind(group, (string?)version["name"] ?? "", plural, kind, (string?)spec["scope"] == "Namespaced")
            {
                ShortNames = Texts(names["shortNames"]),
                Categories = Texts(names["categories"]),
                HasStatus = version["subresources"]?["status"] is not null,
                IsCustom = true,
                StorageVersion = storage,
                Schema = Schema(version["schema"]?["openAPIV3Schema"] as JsonObject),
            })
            .ToArray();
    }

    // Stable versions first, then beta, then alpha; the higher number first (version priority in the page above).
    private static (int Stability, int Major, int Minor) Priority(string version)
    {
        var parts = version.TrimStart('v').Split(["alpha", "beta"], StringSplitOptions.None);
        var stability = version.Contains("alpha", StringComparison.Ordinal) ? 0 : version.Contains("beta", StringComparison.Ordinal) ? 1 : 2;
        return (stability, int.TryParse(parts[0], out var major) ? major : 0, parts.Length > 1 && int.TryParse(parts[1], out var minor) ? minor : 0);
    }

    private static FieldSchema Schema(JsonObject? openApi)
    {
        var root = openApi is null ? FieldSchema.Any : CustomSchema.Of(openApi);
        if (root.Type != FieldType.Object)
            return new FieldSchema(FieldType.Object) { Fields = () => Head, AllowsUnknown = true };
        var fields = new Dictionary<string, FieldSchema>(root.Fields(), StringComparer.Ordinal);
        foreach (var (name, field) in Head)
            fields[name] = field;
        return root with { Fields = () => fields };
    }

    // What every object has, whatever its definition says.
    private static IReadOnlyDictionary<string, FieldSchema> Head { get; } = new Dictionary<string, FieldSchema>
    {
        ["apiVersion"] = new(FieldType.Text),
        ["kind"] = new(FieldType.Text),
        ["metadata"] = ModelSchema.Of(typeof(k8s.Models.V1ObjectMeta)),
    };

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private static string[] Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string?)item ?? "").ToArray();
}
