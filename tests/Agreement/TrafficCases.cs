using System.Globalization;
using System.Text.Json;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of traffic: what each client's proxy is told, and what each server's proxy takes.</summary>
internal static class TrafficCases
{
    private static readonly Dictionary<ClusterDiscovery, string> Types = new()
    {
        [ClusterDiscovery.Eds] = "EDS",
        [ClusterDiscovery.OriginalDestination] = "ORIGINAL_DST",
        [ClusterDiscovery.StrictDns] = "STRICT_DNS",
        [ClusterDiscovery.LogicalDns] = "LOGICAL_DNS",
        [ClusterDiscovery.DynamicForwardProxy] = "DFP",
    };

    internal static void Compare(string line, CaseComparison comparison)
    {
        using var document = JsonDocument.Parse(line);
        comparison.CaseId = document.RootElement.GetProperty("id").GetString()!;
        var snapshot = CaseSnapshot.Read(document.RootElement);
        var mesh = new MeshResolution(snapshot);
        var pods = snapshot.Pods.ToDictionary(pod => pod.Key);
        var answers = document.RootElement.GetProperty("answers");
        foreach (var server in answers.GetProperty("servers").EnumerateObject())
        {
            var pod = pods[server.Name];
            foreach (var port in server.Value.GetProperty("inbound").EnumerateObject())
            {
                var number = port.Name == "*" ? 0 : int.Parse(port.Name, CultureInfo.InvariantCulture);
                var mode = mesh.PeerAuthentication.Resolve(pod.Namespace, pod.Labels, number).Mode;
                comparison.Add("inbound mode", $"{server.Name} {port.Name}", port.Value.GetString(), mode.ToString().ToUpperInvariant());
            }
        }

        foreach (var client in answers.GetProperty("clients").EnumerateObject())
        {
            CompareClusters(client.Name, client.Value.GetProperty("clusters"), pods[client.Name], mesh, comparison);
            RouteCases.Compare(client.Name, client.Value.GetProperty("routes"), pods[client.Name], mesh, comparison);
        }
    }

    private static void CompareClusters(string client, JsonElement expected, PodRecord pod, MeshResolution mesh, CaseComparison comparison)
    {
        var clusters = new Dictionary<string, OutboundCluster>();
        foreach (var cluster in mesh.Clusters(mesh.Scopes.Of(new MeshClient(pod.Namespace, pod.Labels, HasSidecar: true, [pod]) { IsGateway = pod.IsGateway }), pod.Labels, pod.IsGateway))
            clusters.TryAdd(cluster.Name, cluster);
        foreach (var answer in expected.EnumerateArray())
        {
            var name = answer.GetProperty("name").GetString()!;
            var where = $"{client} {name}";
            var isSeen = clusters.Remove(name, out var cluster);
            comparison.Add("visible cluster", where, "yes", isSeen ? "yes" : "no");
            if (cluster is not null)
                CompareCluster(where, answer, cluster, pod.Node, comparison);
        }

        foreach (var left in clusters.Keys)
            comparison.Add("visible cluster", $"{client} {left}", "no", "yes");
    }

    private static void CompareCluster(string where, JsonElement answer, OutboundCluster cluster, string node, CaseComparison comparison)
    {
        var pool = cluster.Policy.ConnectionPool;
        comparison.Add("DestinationRule", where, Text(answer, "destinationRule"), cluster.Rule?.First.Key);
        comparison.Add("tls", where, Text(answer, "tls"), cluster.Transport == ClientTransport.IstioMutual ? "istio_mutual" : cluster.Transport.ToString().ToLowerInvariant());
        comparison.Add("sni", where, Text(answer, "sni"), cluster.Sni);
        comparison.Add("type", where, Text(answer, "type"), Types[cluster.Discovery]);
        comparison.Add("connect time-out", where, answer.GetProperty("connectTimeoutSeconds").GetDouble(), cluster.ConnectTimeout.TotalSeconds);
        comparison.Add("idle time-out", where, Number(answer, "idleTimeoutSeconds"), (pool?.HttpIdleTimeout ?? pool?.TcpIdleTimeout)?.TotalSeconds);
        comparison.Add("requests per connection", where, Number(answer, "maxRequestsPerConnection"), Set(pool?.MaxRequestsPerConnection));
        var thresholds = answer.GetProperty("thresholds");
        comparison.Add("thresholds", where, Join(thresholds, "maxConnections", "maxPendingRequests", "maxRequests", "maxRetries"),
            Join(Set(pool?.MaxConnections), Set(pool?.MaxPendingRequests), Set(pool?.MaxRequests), Set(pool?.MaxRetries)));
        CompareOutlier(where, answer, cluster.Policy.OutlierDetection, comparison);
        if (cluster.IsPassthrough)
            return;
        var endpoints = answer.TryGetProperty("endpoints", out var given)
            ? given.EnumerateArray().Select(endpoint => $"{Text(endpoint, "address")} {endpoint.GetProperty("mtls").GetBoolean()}").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        comparison.Add("endpoint mTLS", where, string.Join(' ', endpoints), string.Join(
            ' ', cluster.Service.Reached(cluster.Endpoints, [node]).Select(endpoint => $"{endpoint.Address}:{endpoint.Port} {cluster.UsesMutualTls(endpoint)}").Order(StringComparer.Ordinal)));
    }

    private static void CompareOutlier(string where, JsonElement answer, OutlierDetection? outlier, CaseComparison comparison)
    {
        var split = outlier is { SplitLocalOriginErrors: true };
        var expected = answer.TryGetProperty("outlierDetection", out var given)
            ? Join(given, "consecutive5xx", "consecutiveGatewayFailure", "consecutiveLocalOriginFailure", "intervalSeconds", "baseEjectionTimeSeconds", "maxEjectionPercent")
            : null;
        comparison.Add("outlier detection", where, expected, outlier is null ? null : Join(
            outlier.Consecutive5xxErrors,
            outlier.ConsecutiveGatewayErrors,
            split ? Set(outlier.ConsecutiveLocalOriginFailures) : null,
            outlier.Interval?.TotalSeconds,
            outlier.BaseEjectionTime?.TotalSeconds,
            Set(outlier.MaxEjectionPercent)));
        comparison.Add("panic threshold", where, Number(answer, "healthyPanicThreshold"), (double)(outlier?.MinHealthPercent ?? 0));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private static double? Set(int? number) => number > 0 ? number : null;

    private static string Join(JsonElement json, params string[] names) => Join(Array.ConvertAll(names, name => Number(json, name)));

    private static string Join(params double?[] numbers) =>
        string.Join('/', numbers.Select(number => number?.ToString(CultureInfo.InvariantCulture) ?? "-"));
}
