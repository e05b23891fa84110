using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>What a pod that was only tried (<c>dryRun=All</c>) said about injection.</summary>
public enum InjectionProof
{
    /// <summary>Nothing was tried: the change is only planned.</summary>
    NotTried,

    /// <summary>The pod came back with the sidecar that was expected, or without one where none was.</summary>
    Proven,

    /// <summary>The cluster's policies refused the pod, or the caller may not create pods: nothing is proven.</summary>
    Refused,
}

/// <summary>The injection of a namespace before and after, and what is left to do.</summary>
public sealed record InjectionChange
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary><see cref="PlanAction.Update"/>, or <see cref="PlanAction.Unchanged"/> where the labels are right already.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>The injection labels before, such as <c>istio-injection=enabled, istio.io/rev=1-20-0</c>; empty where there were none.</summary>
    public required string Before { get; init; }

    /// <summary>The injection label after.</summary>
    public required string After { get; init; }

    /// <summary>The revision that injected a new pod before; null where none did.</summary>
    public string? RevisionBefore { get; init; }

    /// <summary>The revision that injects a new pod after; null where none does.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether it was done: false in a plan, and where nothing had to be done.</summary>
    public bool Applied { get; init; }

    /// <summary>What a tried pod said.</summary>
    public InjectionProof Proof { get; init; }

    /// <summary>Running pods of the namespace.</summary>
    public int Pods { get; init; }

    /// <summary>Running pods that have another sidecar than a new one would get: they keep it until they are started anew.</summary>
    public int PodsToRestart { get; init; }

    /// <summary>The workloads of these pods, such as <c>Deployment/tenant</c>.</summary>
    public IReadOnlyList<string> WorkloadsToRestart { get; init; } = [];

    /// <summary>What keeps the namespace by GitOps, such as <c>Argo CD</c>: it may set the labels back. Null where nothing does.</summary>
    public string? GitOps { get; init; }

    /// <summary>What is to be done, in one line.</summary>
    public string Summary => MeshException.Format(InjectionText.Summary, After, Before.Length > 0 ? Before : "no injection label");

    internal InjectionChoice Choice { get; init; } = InjectionChoice.Disabled;
}
