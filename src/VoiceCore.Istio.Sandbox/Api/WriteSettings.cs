namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>How to write.</summary>
/// <param name="Manager">The field manager, such as <c>kube-controller-manager</c>.</param>
public sealed record WriteSettings(string Manager)
{
    /// <summary>True: everything but storing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Null for the object itself, or <c>status</c>.</summary>
    public string? Subresource { get; init; }

    internal bool IsStatus => Subresource == "status";
}
