namespace VoiceCore.Istio.Core.Verification;

/// <summary>One check of an installation.</summary>
/// <param name="Check">What was verified.</param>
/// <param name="Object">The object, such as <c>Deployment istio-system/istiod-1-31-0</c>.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Message">What was found, and what to do where it is not in order.</param>
public sealed record InstallationCheck(InstallationAspect Check, string Object, InstallationStatus Status, string Message)
{
    internal static InstallationCheck Ok(InstallationAspect check, string @object, string message) => new(check, @object, InstallationStatus.Ok, message);

    internal static InstallationCheck Failed(InstallationAspect check, string @object, string message) => new(check, @object, InstallationStatus.Failed, message);

    internal static InstallationCheck Unknown(InstallationAspect check, string @object, string message) => new(check, @object, InstallationStatus.Unknown, message);
}
