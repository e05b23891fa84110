using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// What makes an object invalid: unknown fields, as with <c>fieldValidation=Strict</c>, wrong types, missing fields, and names.
/// The rules of single kinds beyond their types are not checked.
/// </summary>
internal static partial class ObjectValidation
{
    /// <exception cref="ApiException">400: a field that the kind does not have, or of the wrong type.</exception>
    internal static void CheckFields(ResourceKind kind, JsonObject json)
    {
        var problems = new List<string>();
        Check(kind.Schema, json, "", problems);
        if (problems.Count > 0)
            throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", problems)}");
    }

    /// <exception cref="ApiException">400 or 422.</exception>
    internal static void Check(ResourceKind kind, JsonObject json)
    {
        CheckFields(kind, json);
        var problems = new List<FieldProblem>();
        Required(kind.Schema, json, "", problems);
        var name = json.Name();
        if (name.Length == 0)
            problems.Add(FieldProblem.Required("metadata.name", "name or generateName is required"));
        else if (name.Length > 253 || !(IsLabelOnly(kind) ? Label() : IsPathOnly(kind) ? PathSegment() : Subdomain()).IsMatch(name))
            problems.Add(FieldProblem.Invalid("metadata.name", $"\"{name}\"", $"a lowercase RFC 1123 {(IsLabelOnly(kind) ? "label" : "subdomain")} must consist of lower case alphanumeric characters, '-'{(IsLabelOnly(kind) ? "" : " or '.'")}, and must start and end with an alphanumeric character"));
        if (problems.Count > 0)
            throw ApiErrors.Invalid(kind, name, problems);
    }

    private static bool IsLabelOnly(ResourceKind kind) => kind.Group.Length == 0 && kind.Kind is "Namespace" or "Service";

    // Names of roles may hold colons and capitals.
    private static bool IsPathOnly(ResourceKind kind) => kind.Group == "rbac.authorization.k8s.io";

    private static void Check(FieldSchema schema, JsonNode? node, string path, List<string> problems)
    {
        if (node is null || schema.Type == FieldType.Any)
            return;
        switch (schema.Type, node)
        {
            case (FieldType.Object, JsonObject json):
                var fields = schema.Fields();
                foreach (var (name, value) in json)
                {
                    if (fields.TryGetValue(name, out var field))
                        Check(field, value, Join(path, name), problems);
                    else if (!schema.AllowsUnknown)
                        problems.Add($"unknown field \"{Join(path, name)}\"");
                }

                break;
            case (FieldType.Map, JsonObject json):
                foreach (var (name, value) in json)
                    Check(schema.Items(), value, Join(path, name), problems);
                break;
            case (FieldType.List, JsonArray list):
                for (var at = 0; at < list.Count; at++)
                    Check(schema.Items(), list[at], $"{path}[{at}]", problems);
                break;
            default:
                if (!IsOf(schema.Type, node))
                    problems.Add($"field \"{path}\" must be of type {schema.Type.ToString().ToLowerInvariant()}");
                break;
        }
    }

    private static void Required(FieldSchema schema, JsonNode? node, string path, List<FieldProblem> problems)
    {
        if (node is JsonObject json && schema.Type == FieldType.Object)
        {
            problems.AddRange(schema.Required.Where(name => json[name] is null).Select(name => FieldProblem.Required(Join(path, name))));
            var fields = schema.Fields();
            foreach (var (name, value) in json)
            {
                if (fields.TryGetValue(name, out var field))
                    Required(field, value, Join(path, name), problems);
            }
        }
        else if (node is JsonObject map && schema.Type == FieldType.Map)
        {
            foreach (var (name, value) in map)
                Required(schema.Items(), value, Join(path, name), problems);
        }
        else if (node is JsonArray list && schema.Type == FieldType.List)
        {
            for (var at = 0; at < list.Count; at++)
                Required(schema.Items(), list[at], $"{path}[{at}]", problems);
        }
        else if (schema.Values.Count > 0 && node is JsonValue value && value.TryGetValue<string>(out var text) && !schema.Values.Contains(text))
        {
            problems.Add(new FieldProblem("FieldValueNotSupported", path, $"Unsupported value: \"{text}\": supported values: {string.Join(", ", schema.Values.Select(item => $"\"{item}\""))}"));
        }
    }

    private static bool IsOf(FieldType type, JsonNode node) => (type, node.GetValueKind()) switch
    {
        (FieldType.Text, JsonValueKind.String) => true,
        (FieldType.Integer or FieldType.Number or FieldType.IntegerOrText, JsonValueKind.Number) => true,
        (FieldType.IntegerOrText, JsonValueKind.String) => true,
        (FieldType.Boolean, JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex("^(?!\\.{1,2}$)[^/%]+$")]
    private static partial Regex PathSegment();
}
