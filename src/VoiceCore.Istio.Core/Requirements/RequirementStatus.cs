namespace VoiceCore.Istio.Core.Requirements;

/// <summary>Whether a requirement, or one piece of its evidence, holds.</summary>
public enum RequirementStatus
{
    /// <summary>It holds.</summary>
    Satisfied,

    /// <summary>It does not hold.</summary>
    NotSatisfied,

    /// <summary>The state of the cluster does not show it.</summary>
    NotVerifiable,
}
