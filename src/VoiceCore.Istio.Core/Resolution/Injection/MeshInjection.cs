namespace VoiceCore.Istio.Core.Resolution;

/// <summary>How injection stands for a workload, or for a namespace without workloads.</summary>
public enum InjectionState
{
    /// <summary>New pods get a sidecar, and running ones have the same.</summary>
    Injected,

    /// <summary>New pods get no sidecar, and running ones have none.</summary>
    NotInjected,

    /// <summary>Running pods differ from what new pods would get.</summary>
    RestartNeeded,

    /// <summary>Labels contradict each other, name a revision that nobody serves, or several webhooks inject at once.</summary>
    Conflict,

    /// <summary>The webhook's service does not exist: new pods are refused.</summary>
    Refused,
}

/// <summary>Who injects the pods of a workload, whether the running ones agree, and what to do where they do not.</summary>
public sealed record MeshInjection
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Kind and name, such as <c>Deployment/tenant</c>; empty for a namespace without workloads.</summary>
    public string Workload { get; init; } = "";

    /// <summary>How it stands.</summary>
    public required InjectionState State { get; init; }

    /// <summary>True where a new pod gets a sidecar.</summary>
    public bool Injected { get; init; }

    /// <summary>The revision that injects a new pod; null where none does.</summary>
    public string? Revision { get; init; }

    /// <summary>The tag through which the revision was chosen; null where it was not by tag.</summary>
    public string? Tag { get; init; }

    /// <summary>The MutatingWebhookConfiguration that matches; null where none does.</summary>
    public string? Webhook { get; init; }

    /// <summary>The revisions of the running pods.</summary>
    public IReadOnlyList<string> RunningRevisions { get; init; } = [];

    /// <summary>The proxy versions of the running pods.</summary>
    public IReadOnlyList<string> RunningVersions { get; init; } = [];

    /// <summary>Running pods.</summary>
    public int Replicas { get; init; }

    /// <summary>Running pods with a sidecar.</summary>
    public int InjectedReplicas { get; init; }

    /// <summary>Running pods that have another sidecar than a new one would get, or one where none is due, or none where one is.</summary>
    public int OutdatedReplicas { get; init; }

    /// <summary>Why, in short sentences.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do; empty where nothing is.</summary>
    public string Fix { get; init; } = "";
}
