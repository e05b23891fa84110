using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The DestinationRules of one namespace and host as one: the oldest says the policy, subsets of all are taken together.
/// </summary>
/// <param name="First">The oldest of them.</param>
/// <param name="Policy">The first policy that any of them gives; null where none does.</param>
/// <param name="Subsets">The subsets; of two with one name, the older rule's.</param>
public sealed record EffectiveRule(DestinationRule First, TrafficPolicy? Policy, IReadOnlyList<Subset> Subsets)
{
    /// <summary>
    /// The policy for a service port: an entry of the port replaces the rule's own as a whole, and a subset's parts replace those
    /// (pilot/pkg/networking/util/util.go, MergeTrafficPolicy). Null where nothing is said.
    /// </summary>
    public TrafficPolicy? PolicyFor(int port, string subset = "")
    {
        var policy = OfPort(Policy, port) ?? Policy;
        if (Subsets.FirstOrDefault(item => item.Name == subset)?.Policy is not { } own)
            return policy;
        policy ??= new TrafficPolicy();
        // A port's entry of the subset replaces all four parts, also by nothing; without one, what the subset says counts.
        if (OfPort(own, port) is { } ofPort)
        {
            return policy with
            {
                ConnectionPool = ofPort.ConnectionPool,
                OutlierDetection = ofPort.OutlierDetection,
                LoadBalancer = ofPort.LoadBalancer,
                Tls = ofPort.Tls,
                RetryBudget = own.RetryBudget ?? policy.RetryBudget,
            };
        }

        return policy with
        {
            ConnectionPool = own.ConnectionPool ?? policy.ConnectionPool,
            OutlierDetection = own.OutlierDetection ?? policy.OutlierDetection,
            LoadBalancer = own.LoadBalancer ?? policy.LoadBalancer,
            Tls = own.Tls ?? policy.Tls,
            RetryBudget = own.RetryBudget ?? policy.RetryBudget,
        };
    }

    private static TrafficPolicy? OfPort(TrafficPolicy? policy, int port) => policy?.Ports.FirstOrDefault(item => item.Port == port)?.Policy;
}
