namespace VoiceCore.Istio.Core.Requirements;

/// <summary>What one requirement of the runbook means for a mesh: pure.</summary>
internal interface IRequirementRule
{
    /// <summary>Its number in the runbook.</summary>
    string Id { get; }

    /// <summary>What it asks for.</summary>
    string Title { get; }

    /// <summary>What a mesh shows of it.</summary>
    IEnumerable<RequirementEvidence> Judge(RequirementSubject subject);
}
