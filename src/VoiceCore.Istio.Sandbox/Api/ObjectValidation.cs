using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Sandbox.Apply;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// What makes an object invalid: unknown fields, as with <c>fieldValidation=Strict</c>, wrong types, missing fields, and names.
/// Of the rules of single kinds beyond their types, those of <see cref="WorkloadRules"/> and <see cref="ScalingRules"/> are checked.
/// </summary>
internal static partial class ObjectValidation
{
    /// <exception cref="ApiException">400: a field that the kind does not have, or of the wrong type.</exception>
    internal static void CheckFields(ResourceKind kind, JsonObject json)
    {
        var problems = new List<SchemaProblem>();
        Check(kind.Schema, json, "", problems);
        if (problems.Count > 0)
            throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", problems.Select(problem => problem.Strict))}");
    }

    /// <summary>As <see cref="CheckFields"/>, of an applied object, whose list items must have their keys too.</summary>
    /// <exception cref="ApiException">500, as the API server answers.</exception>
    internal static void CheckApplied(ResourceKind kind, JsonObject json)
    {
        var problems = new List<SchemaProblem>();
        Check(kind.Schema, json, "", problems);
        if (problems.Count == 0)
            Keys(kind.Schema, json, "", problems);
        if (problems.Count > 0)
            throw ApiErrors.NotTyped(kind, json, problems.Select(problem => problem.Applied).ToArray());
    }

    private static void Keys(FieldSchema schema, JsonNode? node, string path, List<SchemaProblem> problems)
    {
        if (node is JsonObject json)
        {
            foreach (var (name, value) in json)
                Keys(MergeShape.Field(schema, name), value, Join(path, name), problems);
        }
        else if (node is JsonArray list && schema.Type == FieldType.List)
        {
            for (var at = 0; at < list.Count; at++)
            {
                foreach (var (key, _) in schema.Keys.Where(key => key.Default is null && list[at]?[key.Name] is null))
                    problems.Add(new SchemaProblem("", $".{path}: element {at}: associative list with keys has an element that omits key field \"{key}\" (and doesn't have default value)"));
                Keys(schema.Items(), list[at], $"{path}[{at}]", problems);
            }
        }
    }

    // A field that does not fit, in the words of strict decoding and in those of server-side apply.
    private sealed record SchemaProblem(string Strict, string Applied);

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
            problems.Add(FieldProblem.Invalid("metadata.name", $"\"{name}\"", IsLabelOnly(kind) ? LabelRule : SubdomainRule));
        WorkloadRules.Check(kind, json, problems);
        ScalingRules.Check(kind, json, problems);
        if (problems.Count > 0)
            throw ApiErrors.Invalid(kind, name, problems);
    }

    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private static bool IsLabelOnly(ResourceKind kind) => kind.Group.Length == 0 && kind.Kind is "Namespace" or "Service";

    // Names of roles may hold colons and capitals.
    private static bool IsPathOnly(ResourceKind kind) => kind.Group == "rbac.authorization.k8s.io";

    private static void Check(FieldSchema schema, JsonNode? node, string path, List<SchemaProblem> problems)
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
                        problems.Add(new SchemaProblem($"unknown field \"{Join(path, name)}\"", $".{Join(path, name)}: field not declared in schema"));
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
                    problems.Add(new SchemaProblem($"field \"{path}\" must be of type {schema.Type.ToString().ToLowerInvariant()}", $".{path}: expected {schema.Type.ToString().ToLowerInvariant()}, got {node.ToJsonString()}"));
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
