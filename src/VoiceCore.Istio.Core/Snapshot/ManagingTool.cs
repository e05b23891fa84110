namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A tool that keeps an object as it wants it: what others change in it does not last.</summary>
public enum ManagingTool
{
    /// <summary>Argo Rollouts sets the weights step by step.</summary>
    ArgoRollouts,

    /// <summary>Flagger writes the whole object.</summary>
    Flagger,

    /// <summary>Argo CD applies it from Git.</summary>
    ArgoCD,

    /// <summary>Flux applies it from Git.</summary>
    Flux,

    /// <summary>Helm applies it with the next release.</summary>
    Helm,
}
