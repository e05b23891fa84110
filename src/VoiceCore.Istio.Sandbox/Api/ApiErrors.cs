using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>The failures of the Kubernetes API, in the API server's own words, which clients show and some clients read.</summary>
public static class ApiErrors
{
    /// <summary>404.</summary>
    public static ApiException NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found") { Details = Details(kind, name) };

    /// <summary>409: it exists.</summary>
    public static ApiException AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists") { Details = Details(kind, name) };

    /// <summary>409: it was changed meanwhile.</summary>
    public static ApiException Conflict(ResourceKind kind, string name, string? why = null) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": {why ?? "the object has been modified; please apply your changes to the latest version and try again"}")
        {
            Details = Details(kind, name),
        };

    /// <summary>403.</summary>
    public static ApiException Forbidden(ResourceKind kind, string name, string why, JsonArray? causes = null)
    {
        var details = Details(kind, name);
        if (causes is not null)
            details["causes"] = causes;
        return new(403, "Forbidden", $"{kind.QualifiedPlural} \"{name}\" is forbidden: {why}") { Details = details };
    }

    /// <summary>422, with each invalid field.</summary>
    public static ApiException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldProblem> problems)
    {
        var texts = problems.Select(problem => $"{problem.Field}: {problem.Message}").ToArray();
        var list = texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
            details["group"] = kind.Group;
        details["kind"] = kind.Kind;
        details["causes"] = new JsonArray([.. problems.Select(problem => new JsonObject { ["reason"] = problem.Reason, ["message"] = problem.Message, ["field"] = problem.Field })]);
        return new(422, "Invalid", $"{kind.QualifiedKind} \"{name}\" is invalid: {list}") { Details = details };
    }

    /// <summary>400.</summary>
    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>422: an apply must say who applies.</summary>
    public static ApiException NoFieldManager() =>
        new(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")
        {
            Details = new JsonObject
            {
                ["group"] = "meta.k8s.io",
                ["kind"] = "PatchOptions",
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueRequired", ["message"] = "Required value: is required for apply patch", ["field"] = "fieldManager" }),
            },
        };

    /// <summary>500: an applied object does not fit its schema, which the API server takes for a failure of its own.</summary>
    public static ApiException NotTyped(ResourceKind kind, JsonObject json, IReadOnlyList<string> problems) =>
        new(500, null, $"failed to create typed patch object ({json.Namespace()}/{json.Name()}; {kind.ApiVersion}, Kind={kind.Kind}): {(problems.Count == 1 ? problems[0] : "errors:\n  " + string.Join("\n  ", problems))}");

    /// <summary>405.</summary>
    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Details = [] };

    /// <summary>410: a watch from a state that is forgotten.</summary>
    public static ApiException WatchExpired(long asked, long oldest) => new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    /// <summary>415.</summary>
    public static ApiException UnsupportedMediaType() => new(415, "UnsupportedMediaType", "415: Unsupported Media Type") { Details = [] };

    /// <summary>500, as where an admission webhook cannot be called.</summary>
    public static ApiException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}")
    {
        Details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) },
    };

    /// <summary>501: the API server has it, the sandbox does not.</summary>
    public static ApiException NotImplemented(string what) => new(501, "NotImplemented", $"the mesh sandbox does not implement {what}");

    private static JsonObject Details(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
            details["group"] = kind.Group;
        details["kind"] = kind.Plural;
        return details;
    }
}
