using System.Text.Json;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of traffic: what each client's proxy is told, and what each server's proxy takes.</summary>
internal static class TrafficCases
{
    internal static void Compare(string line, CaseComparison comparison)
    {
        using var document = JsonDocument.Parse(line);
        comparison.CaseId = document.RootElement.GetProperty("id").GetString()!;
        var snapshot = CaseSnapshot.Read(document.RootElement);
        var answers = document.RootElement.GetProperty("answers");
        var pods = snapshot.Pods.ToDictionary(pod => pod.Key, StringComparer.Ordinal);
        Servers(answers.GetProperty("servers"), pods, new PeerAuthenticationResolver(snapshot), comparison);
        Clusters(answers.GetProperty("clients"), pods, snapshot, comparison);
    }

    private static void Servers(JsonElement servers, Dictionary<string, PodRecord> pods, PeerAuthenticationResolver resolver, CaseComparison comparison)
    {
        foreach (var server in servers.EnumerateObject())
        {
            var pod = pods[server.Name];
            foreach (var port in server.Value.GetProperty("inbound").EnumerateObject())
            {
                var number = port.Name == "*" ? 0 : int.Parse(port.Name, System.Globalization.CultureInfo.InvariantCulture);
                comparison.Add("inbound mode", $"{server.Name}:{port.Name}", port.Value, resolver.Resolve(pod.Namespace, pod.Labels, number).Mode.ToString().ToUpperInvariant());
            }
        }
    }

    private static void Clusters(JsonElement clients, Dictionary<string, PodRecord> pods, MeshSnapshot snapshot, CaseComparison comparison)
    {
        var rules = new DestinationRuleResolver(snapshot);
        var hosts = snapshot.Services.ToDictionary(service => $"{service.Name}.{service.Namespace}.svc.{snapshot.ClusterDomain}", StringComparer.Ordinal);
        foreach (var client in clients.EnumerateObject())
        {
            var pod = pods[client.Name];
            foreach (var cluster in client.Value.GetProperty("clusters").EnumerateArray())
            {
                var name = cluster.GetProperty("name").GetString()!;
                if (name.Split('|') is not ["outbound", var port, var subset, var host] || !hosts.TryGetValue(host, out var service))
                    continue;
                var where = $"{client.Name} {name}";
                var rule = rules.Resolve(pod.Namespace, pod.Labels, host, service.Namespace);
                comparison.Add("destination rule", where, Field(cluster, "destinationRule"), rule?.First.Key);
                var policy = rule?.PolicyFor(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), subset);
                var pool = policy?.ConnectionPool ?? snapshot.Mesh.DefaultConnectionPool;
                var thresholds = cluster.GetProperty("thresholds");
                comparison.Add("max connections", where, Field(thresholds, "maxConnections"), Limit(pool?.MaxConnections));
                comparison.Add("max pending requests", where, Field(thresholds, "maxPendingRequests"), Limit(pool?.MaxPendingRequests));
                comparison.Add("max requests", where, Field(thresholds, "maxRequests"), Limit(pool?.MaxRequests));
                if (policy?.RetryBudget is null)
                    comparison.Add("max retries", where, Field(thresholds, "maxRetries"), Limit(pool?.MaxRetries));
                Outliers(cluster, where, policy?.OutlierDetection ?? snapshot.Mesh.DefaultOutlierDetection, comparison);
            }
        }
    }

    private static void Outliers(JsonElement cluster, string where, OutlierDetection? detection, CaseComparison comparison)
    {
        var there = cluster.TryGetProperty("outlierDetection", out var outliers);
        comparison.Add("outlier detection", where, there, detection is not null);
        if (!there || detection is null)
            return;
        comparison.Add("max ejection percent", where, Field(outliers, "maxEjectionPercent"), Limit(detection.MaxEjectionPercent));
        comparison.Add("base ejection time", where, Field(outliers, "baseEjectionTimeSeconds"), detection.BaseEjectionTime?.TotalSeconds);
        comparison.Add("consecutive 5xx", where, Field(outliers, "consecutive5xx"), detection.Consecutive5xxErrors);
    }

    private static JsonElement? Field(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;

    private static int? Limit(int? value) => value is 0 ? null : value;
}
