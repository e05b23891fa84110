namespace VoiceCore.Istio.Core.Planning;

/// <summary>How it was found out what is to be done with an object.</summary>
public enum PlanBasis
{
    /// <summary>The API server said what server-side apply would do (<c>dryRun=All</c>): defaults and admission included.</summary>
    DryRun,

    /// <summary>
    /// The stated fields were compared here, because the API server could not try: the namespace or the kind is not there yet,
    /// the caller may not write, or a webhook does not answer.
    /// </summary>
    Local,

    /// <summary>What <c>istioctl manifest generate</c> states was compared here: the control plane belongs to istioctl.</summary>
    Manifest,

    /// <summary>The marks that the module left on what it created or changed.</summary>
    Record,
}
