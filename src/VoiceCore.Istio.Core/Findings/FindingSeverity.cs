namespace VoiceCore.Istio.Core.Findings;

/// <summary>How much a finding matters, in rising order.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Works, but not as its author expects, or not for long.</summary>
    Warning,

    /// <summary>Does not do what it is for.</summary>
    Error,
}
