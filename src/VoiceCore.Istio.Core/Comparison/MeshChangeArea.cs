namespace VoiceCore.Istio.Core.Comparison;

/// <summary>What a difference between two states of a mesh is about.</summary>
public enum MeshChangeArea
{
    /// <summary>Whether traffic is secured, as <c>Test-MeshTls</c> says.</summary>
    MutualTls,

    /// <summary>Limits and ejection, as <c>Get-MeshCircuitBreaker</c> says.</summary>
    CircuitBreaker,

    /// <summary>Where requests go, time-outs, retries and mirrors, as <c>Get-MeshTimeout</c> says.</summary>
    Route,

    /// <summary>Who injects, as <c>Get-MeshInjection</c> says.</summary>
    Injection,

    /// <summary>Which rules let requests in or keep them out.</summary>
    Authorization,

    /// <summary>An object itself, whether or not anything follows from it.</summary>
    Object,
}
