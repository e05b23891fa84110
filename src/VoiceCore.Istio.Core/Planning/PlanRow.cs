using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>One object of a plan: what is to be done with it and why. After it was done, the same with <see cref="Applied"/>.</summary>
public sealed record PlanRow
{
    /// <summary>What is to be done, or was done.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>What the object is for.</summary>
    public required ManifestRole Role { get; init; }

    /// <summary>The object.</summary>
    public required ObjectReference Object { get; init; }

    /// <summary>How the action was found.</summary>
    public required PlanBasis Basis { get; init; }

    /// <summary>The fields that differ; empty for an object that is created or removed as a whole.</summary>
    public IReadOnlyList<FieldDifference> Differences { get; init; } = [];

    /// <summary>Why, where the action alone does not say it.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it was done: false in a plan, and where nothing had to be done.</summary>
    public bool Applied { get; init; }

    /// <summary>Such as <c>DestinationRule</c>.</summary>
    public string Kind => Object.Kind;

    /// <summary>The namespace; null for a cluster-wide object.</summary>
    public string? Namespace => Object.Namespace;

    /// <summary>The object's name.</summary>
    public string Name => Object.Name;

    /// <summary>Whether an installation made it before and the definition no longer has it.</summary>
    public bool IsLeftover { get; init; }

    /// <summary>The managers that own fields which differ.</summary>
    public IEnumerable<string> Owners => Differences.SelectMany(difference => difference.Owners).Distinct();

    /// <summary>The revision that istioctl removes with the object; null for every other row.</summary>
    internal string? Revision { get; init; }

    /// <summary>The object as it is to be applied; null where nothing of it is ours to apply.</summary>
    internal KubernetesObject? Wanted { get; init; }

    /// <summary>The object as it was found.</summary>
    internal KubernetesObject? Live { get; init; }
}
