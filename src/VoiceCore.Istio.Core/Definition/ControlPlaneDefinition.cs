namespace VoiceCore.Istio.Core.Definition;

/// <summary>The control plane: istiod, and nothing beside it. The gateways are objects of our own.</summary>
public sealed record ControlPlaneDefinition
{
    /// <summary>The namespace of istiod.</summary>
    public string Namespace { get; init; } = "istio-system";

    /// <summary>Registry of Istio's images; null: the one that istioctl knows.</summary>
    public string? Hub { get; init; }

    /// <summary>Number of istiod's replicas.</summary>
    public ReplicaRange Replicas { get; init; } = new(2, 5);

    /// <summary>What an istiod container asks for.</summary>
    public ResourceRequirements Resources { get; init; } = new();

    /// <summary>
    /// What the definition has no word for: paths below the IstioOperator's <c>spec</c> and their values, as <c>istioctl install --set</c>
    /// takes them, such as <c>values.telemetry.enabled</c> and <c>false</c>. Goes before everything else.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// How many replicas: a fixed number where <see cref="Minimum"/> equals <see cref="Maximum"/>, else an autoscaler's range.
/// </summary>
/// <param name="Minimum">The smallest number, from 1.</param>
/// <param name="Maximum">The greatest number.</param>
/// <param name="TargetCpuUtilization">Average use of the requested CPU that the autoscaler aims at, in percent.</param>
public sealed record ReplicaRange(int Minimum, int Maximum, int TargetCpuUtilization = 80)
{
    /// <summary>Whether an autoscaler owns the number.</summary>
    public bool IsAutoscaled => Maximum > Minimum;
}

/// <summary>CPU and memory of a container, as Kubernetes quantities; null: not stated.</summary>
public sealed record ResourceRequirements
{
    /// <summary>Requested CPU, such as <c>100m</c>.</summary>
    public string? CpuRequest { get; init; }

    /// <summary>Requested memory, such as <c>128Mi</c>.</summary>
    public string? MemoryRequest { get; init; }

    /// <summary>The most CPU.</summary>
    public string? CpuLimit { get; init; }

    /// <summary>The most memory.</summary>
    public string? MemoryLimit { get; init; }
}
