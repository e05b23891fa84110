using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>What to list. Selectors are in Kubernetes' own syntax.</summary>
public sealed record ListOptions
{
    /// <summary>Everything.</summary>
    public static readonly ListOptions All = new();

    /// <summary>Label selector, such as <c>app=istiod</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector, such as <c>metadata.name=x</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>True: only names, labels, annotations and owners; what the objects hold is not sent (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches).</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>Objects per page.</summary>
    public int PageSize { get; init; } = 500;
}

/// <summary>How to write.</summary>
public record WriteOptions
{
    /// <summary>Who writes: the field manager recorded in <c>managedFields</c>.</summary>
    public string FieldManager { get; init; } = FieldManagers.VoiceCore;

    /// <summary>True: the server validates and admits, and stores nothing (<c>dryRun=All</c>).</summary>
    public bool DryRun { get; init; }

    /// <summary>What the server is told of it in the query.</summary>
    internal virtual IReadOnlyList<(string Name, string? Value)> Query => [("fieldManager", FieldManager), ("dryRun", DryRun ? "All" : null)];
}

/// <summary>How to apply (server-side apply).</summary>
public sealed record ApplyOptions : WriteOptions
{
    /// <summary>True: take over fields that other managers own; false: the server answers 409 with the conflicts.</summary>
    public bool Force { get; init; }

    internal override IReadOnlyList<(string Name, string? Value)> Query => [.. base.Query, ("force", Force ? "true" : null)];
}

/// <summary>How to delete.</summary>
public sealed record DeleteOptions
{
    /// <summary>True: the server only checks.</summary>
    public bool DryRun { get; init; }

    /// <summary>Delete only the object with this UID.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only at this resource version.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary><c>Foreground</c>, <c>Background</c> or <c>Orphan</c>.</summary>
    public string PropagationPolicy { get; init; } = "Background";

    /// <summary>The body of the request.</summary>
    internal JsonObject ToJson()
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = PropagationPolicy };
        if (DryRun)
            body["dryRun"] = new JsonArray("All");
        if (Uid is not null || ResourceVersion is not null)
            body["preconditions"] = new JsonObject { ["uid"] = Uid, ["resourceVersion"] = ResourceVersion };
        return body;
    }
}
