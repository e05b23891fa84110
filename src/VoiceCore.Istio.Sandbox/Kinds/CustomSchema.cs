using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>A structural schema of a CustomResourceDefinition: types, lists' merging, required fields and enumerations.</summary>
internal static class CustomSchema
{
    internal static FieldSchema Of(JsonObject schema)
    {
        if (Is(schema, "x-kubernetes-int-or-string"))
            return new FieldSchema(FieldType.IntegerOrText);
        return (string?)schema["type"] switch
        {
            "object" => Object(schema),
            "array" => List(schema),
            "string" => new FieldSchema(FieldType.Text) { Values = Texts(schema["enum"]) },
            "integer" => new FieldSchema(FieldType.Integer),
            "number" => new FieldSchema(FieldType.Number),
            "boolean" => new FieldSchema(FieldType.Boolean),
            _ => FieldSchema.Any,
        };
    }

    private static FieldSchema Object(JsonObject schema)
    {
        var atomic = (string?)schema["x-kubernetes-map-type"] == "atomic";
        if (schema["additionalProperties"] is JsonObject values)
            return new FieldSchema(FieldType.Map) { Items = Lazily(values), IsAtomic = atomic };
        var fields = new Lazy<IReadOnlyDictionary<string, FieldSchema>>(() => (schema["properties"] as JsonObject ?? [])
            .ToDictionary(field => field.Key, field => field.Value is JsonObject value ? Of(value) : FieldSchema.Any, StringComparer.Ordinal));
        return new FieldSchema(FieldType.Object)
        {
            Fields = () => fields.Value,
            IsAtomic = atomic,
            Required = Texts(schema["required"]),
            AllowsUnknown = Is(schema, "x-kubernetes-preserve-unknown-fields") || schema["properties"] is null,
        };
    }

    private static FieldSchema List(JsonObject schema) => new(FieldType.List)
    {
        Items = schema["items"] is JsonObject items ? Lazily(items) : () => FieldSchema.Any,
        Merge = (string?)schema["x-kubernetes-list-type"] switch
        {
            "map" => ListMerge.Map,
            "set" => ListMerge.Set,
            _ => ListMerge.Atomic,
        },
        Keys = Texts(schema["x-kubernetes-list-map-keys"]).Select(key => (key, (string?)schema["items"]?["properties"]?[key]?["default"])).ToArray(),
    };

    private static Func<FieldSchema> Lazily(JsonObject schema)
    {
        var made = new Lazy<FieldSchema>(() => Of(schema));
        return () => made.Value;
    }

    private static bool Is(JsonObject schema, string key) => schema[key] is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;

    private static string[] Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => $"{item}").ToArray();
}
