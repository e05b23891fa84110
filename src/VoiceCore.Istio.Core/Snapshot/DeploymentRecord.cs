namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A Deployment: what its pods will be. Volumes are not read, and of the environment nothing but <see cref="SettingNames"/>.</summary>
public sealed record DeploymentRecord : MeshObject
{
    /// <summary>Settings of istiod that rules look at. None of them is secret.</summary>
    public static readonly IReadOnlySet<string> SettingNames = new HashSet<string>(StringComparer.Ordinal)
    {
        "BLOCKED_CIDRS_IN_JWKS_URIS",
        "CLUSTER_ID",
        "DEFAULT_WORKLOAD_CERT_TTL",
        "MAX_WORKLOAD_CERT_TTL",
    };

    /// <summary>A pod as the template makes it: its name is that of the Deployment.</summary>
    public required PodRecord Template { get; init; }

    /// <summary>The settings among the containers' environment that are given as plain values.</summary>
    public LabelSet Settings { get; init; } = LabelSet.Empty;
}
