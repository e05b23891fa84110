namespace VoiceCore.Istio.Core.Comparison;

/// <summary>How the later state of a mesh differs from the earlier one.</summary>
public enum MeshChangeAction
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>It is otherwise.</summary>
    Changed,
}
