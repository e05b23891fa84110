using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>What is to be installed.</summary>
public sealed record MeshInstallRequest
{
    /// <summary>The definition.</summary>
    public required MeshDefinition Definition { get; init; }

    /// <summary>The revision of the control plane; null: from istioctl's version, such as <c>1-31-0</c>.</summary>
    public string? Revision { get; init; }

    /// <summary>Registry of Istio's images; goes before the definition's.</summary>
    public string? Hub { get; init; }

    /// <summary>Whether the product's own services are planned too. They belong to their teams otherwise.</summary>
    public bool IncludeWorkloads { get; init; }

    /// <summary>Whether what the definition no longer has is removed. It is planned in any case.</summary>
    public bool Prune { get; init; }
}
