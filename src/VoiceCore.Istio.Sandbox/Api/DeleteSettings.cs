namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>How to delete (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/).</summary>
public sealed record DeleteSettings
{
    /// <summary>True: everything but deleting.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>: what becomes of the objects that it owns.</summary>
    public string PropagationPolicy { get; init; } = "Background";

    /// <summary>Only the object with this uid; null for any.</summary>
    public string? Uid { get; init; }

    /// <summary>Only at this resource version; null for any.</summary>
    public string? ResourceVersion { get; init; }
}
