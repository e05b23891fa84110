using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Circuit breakers that cannot work as they read: outlier detection without effect, limits that never trip or count otherwise.</summary>
internal sealed class CircuitBreakerRule : IMeshRule
{
    private const int DefaultEjectionPercent = 10;

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var sidecars = mesh.Pods.Count(pod => pod.HasSidecar);
        var slices = mesh.Snapshot.EndpointSlices.ToLookup(slice => (slice.Namespace, slice.Service));
        foreach (var rule in mesh.Snapshot.DestinationRules)
        {
            if (mesh.Service(rule.Host, rule.Namespace) is not { } service)
                continue;
            var pods = mesh.PodsOf(service).ToArray();
            var policies = new List<TrafficPolicy>();
            foreach (var policy in rule.Subsets.Select(subset => subset.Policy).Prepend(rule.Policy))
            {
                if (policy is not null)
                    policies.AddRange(policy.Ports.Select(port => port.Policy).Prepend(policy));
            }

            var clients = sidecars - pods.Count(pod => pod.HasSidecar);
            var zones = Zones(slices[(service.Namespace, service.Name)]);
            foreach (var finding in policies.SelectMany(policy => Judge(mesh, rule, service, policy, (pods.Length, clients, zones))).DistinctBy(finding => (finding.Code, finding.Message)))
                yield return finding;
        }
    }

    private static IEnumerable<Finding> Judge(MeshIndex mesh, DestinationRule rule, ServiceRecord service, TrafficPolicy policy, (int Pods, int Clients, int Zones) count)
    {
        if (policy.OutlierDetection is { } outlier && count.Pods > 0)
        {
            var percent = outlier.MaxEjectionPercent == 0 ? DefaultEjectionPercent : outlier.MaxEjectionPercent;
            if (100 > percent * count.Pods)
                yield return MeshFindings.EjectionImpossible.At(rule.ToString(), percent, count.Pods, service.Key, (100 + count.Pods - 1) / count.Pods);
            var isLocalOff = outlier is not { SplitLocalOriginErrors: true, ConsecutiveLocalOriginFailures: not 0 };
            if (outlier.Consecutive5xxErrors == 0 && (outlier.ConsecutiveGatewayErrors ?? 0) == 0 && isLocalOff)
                yield return MeshFindings.EjectionOff.At(rule.ToString(), service.Key);
            if (count.Zones > 1 && mesh.Snapshot.Mesh.LocalityLoadBalancing && policy.LoadBalancer is not { LocalityDisabled: true })
                yield return MeshFindings.LocalityUnasked.At(rule.ToString(), service.Key, count.Zones);
        }

        if (policy.ConnectionPool is not { } limits)
            yield break;
        if (limits.MaxRequests == 0 && (limits.MaxConnections > 0 || limits.MaxPendingRequests > 0) && IsHttp2(mesh, service, limits))
            yield return MeshFindings.RequestLimitMissing.At(rule.ToString(), service.Key);
        foreach (var (name, limit) in new[] { ("maxConnections", limits.MaxConnections), ("http2MaxRequests", limits.MaxRequests) })
        {
            if (limit > 0 && count.Clients > 1)
                yield return MeshFindings.LimitPerProxy.At(rule.ToString(), name, limit, service.Key, count.Clients, (long)limit * count.Clients);
        }
    }

    // The protocol is that of appProtocol, else the part of the port's name before the first dash (pkg/config/kube/conversion.go).
    private static bool IsHttp2(MeshIndex mesh, ServiceRecord service, ConnectionPool limits)
    {
        var upgrade = limits.H2UpgradePolicy == "UPGRADE" || (limits.H2UpgradePolicy == "DEFAULT" && mesh.Snapshot.Mesh.H2UpgradePolicy == "UPGRADE");
        return upgrade || service.Ports.Any(port =>
            (port.AppProtocol ?? port.Name.Split('-')[0]).ToUpperInvariant() is "HTTP2" or "GRPC" or "GRPC-WEB" or "KUBERNETES.IO/H2C");
    }

    private static int Zones(IEnumerable<EndpointSliceRecord> slices) =>
        slices
            .SelectMany(slice => slice.Endpoints)
            .Select(endpoint => endpoint.Zone)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Count();
}
