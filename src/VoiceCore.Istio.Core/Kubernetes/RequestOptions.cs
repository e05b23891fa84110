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
}

/// <summary>How to apply (server-side apply).</summary>
public sealed record ApplyOptions : WriteOptions
{
    /// <summary>True: take over fields that other managers own; false: the server answers 409 with the conflicts.</summary>
    public bool Force { get; init; }
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
}

/// <summary>The field managers of the module.</summary>
public static class FieldManagers
{
    /// <summary>The field manager of everything that the module applies.</summary>
    public const string VoiceCore = "voicecore-mesh";
}

/// <summary>One change of a watched collection.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c> or <c>BOOKMARK</c>.</param>
/// <param name="Object">The object after the change; for <c>DELETED</c>, its last state.</param>
public sealed record WatchEvent(string Type, KubernetesObject Object);

/// <summary>The answer of a pod's own HTTP server.</summary>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="Body">The body, UTF-8 as a rule.</param>
public sealed record PodHttpResponse(int StatusCode, ReadOnlyMemory<byte> Body);
