namespace VoiceCore.Istio.Core.Definition;

/// <summary>Zero trust: in the services' namespace nobody may call anything but what <see cref="ServiceDefinition.Callers"/> lists.</summary>
public sealed record ZeroTrustDefinition
{
    /// <summary>Whether calls that are not listed are refused.</summary>
    public EnforcementMode Mode { get; init; } = EnforcementMode.Enforce;

    /// <summary>Who reads the services' metrics, as <c>namespace/service-account</c>: GET on the path of metrics, nothing else.</summary>
    public IReadOnlyList<string> Observers { get; init; } = [];
}

/// <summary>Whether a rule takes effect.</summary>
public enum EnforcementMode
{
    /// <summary>It takes effect.</summary>
    Enforce,

    /// <summary>It is evaluated and counted, and nothing is refused.</summary>
    Shadow,

    /// <summary>It is not there.</summary>
    Off,
}
