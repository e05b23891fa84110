using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Which policy holds for a port and a subset. Source: <c>GetPortLevelTrafficPolicy</c> and <c>MergeSubsetTrafficPolicy</c> in
/// pilot/pkg/networking/util/util.go, <c>applyDefaultTrafficPolicy</c> in pilot/pkg/networking/core/cluster_traffic_policy.go.
/// </summary>
internal static class TrafficPolicies
{
    private static readonly TrafficPolicy Nothing = new();

    /// <summary>A port's own policy replaces the rule's as a whole; the mesh's defaults fill what is then missing.</summary>
    internal static TrafficPolicy OfPort(TrafficPolicy? policy, int port, MeshConfig mesh)
    {
        var own = Port(policy, port) ?? policy ?? Nothing;
        var pool = own.ConnectionPool ?? mesh.DefaultConnectionPool;
        var outlier = own.OutlierDetection ?? mesh.DefaultOutlierDetection;
        return ReferenceEquals(pool, own.ConnectionPool) && ReferenceEquals(outlier, own.OutlierDetection)
            ? own
            : own with { ConnectionPool = pool, OutlierDetection = outlier };
    }

    /// <summary>A subset overrides field by field; its own entry for the port overrides all four fields, also with nothing.</summary>
    internal static TrafficPolicy OfSubset(TrafficPolicy ofPort, TrafficPolicy? subset, int port)
    {
        if (subset is null)
            return ofPort;
        var own = Port(subset, port);
        var overriding = own ?? subset;
        return ofPort with
        {
            ConnectionPool = own is null ? overriding.ConnectionPool ?? ofPort.ConnectionPool : own.ConnectionPool,
            OutlierDetection = own is null ? overriding.OutlierDetection ?? ofPort.OutlierDetection : own.OutlierDetection,
            LoadBalancer = own is null ? overriding.LoadBalancer ?? ofPort.LoadBalancer : own.LoadBalancer,
            Tls = own is null ? overriding.Tls ?? ofPort.Tls : own.Tls,
            RetryBudget = overriding.RetryBudget ?? ofPort.RetryBudget,
        };
    }

    /// <summary>
    /// The TLS mode by which endpoints are told: unlike the cluster, a port without <c>tls</c> keeps that of the rule
    /// (<c>tlsModeForDestinationRule</c> in pilot/pkg/xds/endpoints/mtls_checker.go). Null where no rule says anything.
    /// </summary>
    internal static ClientTlsMode? EndpointMode(EffectiveRule? rule, Subset? subset, int port) => rule is null
        ? null
        : EndpointMode(subset?.Policy, port) ?? EndpointMode(rule.Policy, port);

    private static ClientTlsMode? EndpointMode(TrafficPolicy? policy, int port) =>
        policy is null ? null : (policy.Ports.FirstOrDefault(entry => entry.Port == port && entry.Policy.Tls is not null)?.Policy.Tls ?? policy.Tls)?.Mode;

    private static TrafficPolicy? Port(TrafficPolicy? policy, int port) => policy?.Ports.FirstOrDefault(entry => entry.Port == port)?.Policy;
}
