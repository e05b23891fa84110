namespace VoiceCore.Istio.Core.Verification;

/// <summary>What is verified of an installation.</summary>
public enum InstallationAspect
{
    /// <summary>An object is as the definition says, field by field.</summary>
    Definition,

    /// <summary>A workload's pods are there and ready.</summary>
    Readiness,

    /// <summary>Proxies are of a version that goes with their control plane.</summary>
    Version,

    /// <summary>A kind of Istio is served.</summary>
    Kind,

    /// <summary>A webhook configuration leads to something that can answer.</summary>
    Webhook,

    /// <summary>A pod that is tried gets a sidecar.</summary>
    Injection,

    /// <summary>An invalid object that is tried is refused.</summary>
    Validation,

    /// <summary>Labels and tags name a revision that is there, and what runs is of it.</summary>
    Revision,
}
