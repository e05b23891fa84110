namespace VoiceCore.Istio.Core.Verification;

/// <summary>How a check came out.</summary>
public enum InstallationStatus
{
    /// <summary>It is in order.</summary>
    Ok,

    /// <summary>It is not.</summary>
    Failed,

    /// <summary>It could not be found out.</summary>
    Unknown,
}
