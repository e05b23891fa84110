using System.Globalization;
using System.Text.Json;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>The routes that a client's proxy is told.</summary>
internal static class RouteCases
{
    // The virtual host for what no other is for, by the outbound traffic policy.
    private static readonly Dictionary<string, string> OtherHosts = new()
    {
        ["ALLOW_ANY"] = "allow_any",
        ["ALLOW_ANY_DYNAMIC_DNS"] = "allow_any_dynamic_dns",
        ["REGISTRY_ONLY"] = "block_all",
    };

    internal static void Compare(string client, JsonElement expected, PodRecord pod, MeshResolution mesh, CaseComparison comparison)
    {
        var scope = mesh.Scopes.Of(pod.Namespace, pod.Labels);
        var configurations = new RouteConfigurations(new ClientRoutes(mesh.Snapshot.Mesh, scope, pod.Labels));
        var names = configurations.Names(pod.IP).ToHashSet();
        foreach (var configuration in expected.EnumerateObject())
        {
            var where = $"{client} {configuration.Name}";
            comparison.Add("route configuration", where, "yes", names.Remove(configuration.Name) ? "yes" : "no");
            if (!IsAskedTwice(configuration, pod, mesh))
                CompareHosts(where, configuration, configurations, scope, comparison);
        }

        foreach (var name in names)
            comparison.Add("route configuration", $"{client} {name}", "no", "yes");
    }

    // istiod was asked for the configuration once for each listener that names it, and what it answers to the second time is empty.
    // A headless service has a listener for each endpoint. A proxy asks once.
    private static bool IsAskedTwice(JsonProperty configuration, PodRecord pod, MeshResolution mesh) =>
        !configuration.Value.EnumerateObject().Any()
        && configuration.Name.Split(':') is [var host, var port]
        && mesh.Registry.Find(host) is { IsPassthrough: true } service
        && service.Port(int.Parse(port, CultureInfo.InvariantCulture))!.Endpoints.Count(endpoint => endpoint.Address != pod.IP) > 1;

    private static void CompareHosts(string where, JsonProperty configuration, RouteConfigurations configurations, ClientScope scope, CaseComparison comparison)
    {
        var hosts = configurations.VirtualHosts(configuration.Name).ToDictionary(host => host.Name);
        foreach (var host in configuration.Value.EnumerateObject())
        {
            if (OtherHosts.ContainsValue(host.Name))
            {
                comparison.Add("other hosts", where, host.Name, OtherHosts[scope.OutboundTrafficPolicy]);
                continue;
            }

            var isThere = hosts.Remove(host.Name, out var known);
            comparison.Add("virtual host", $"{where} {host.Name}", "yes", isThere ? "yes" : "no");
            if (known is not null)
                CompareRoutes($"{where} {host.Name}", host.Value, known.Routes, comparison);
        }

        foreach (var left in hosts.Keys)
            comparison.Add("virtual host", $"{where} {left}", "no", "yes");
    }

    private static void CompareRoutes(string where, JsonElement expected, IReadOnlyList<OutboundRoute> routes, CaseComparison comparison)
    {
        comparison.Add("routes", where, expected.GetArrayLength(), routes.Count);
        foreach (var (answer, route) in expected.EnumerateArray().Zip(routes))
        {
            var retries = Part(answer, "retries");
            var mirror = route.Mirrors.Count > 0 ? route.Mirrors[0] : null;
            comparison.Add("route match", where, Pairs(answer.GetProperty("match")), Pairs(route.Match));
            comparison.Add("route name", where, Text(answer, "name"), route.Name.Length > 0 ? route.Name : null);
            comparison.Add("VirtualService", where, Text(answer, "virtualService"), route.VirtualService?.Key);
            comparison.Add("route destination", where, Destination(answer), Destination(route));
            comparison.Add("time-out", where, Number(answer, "timeoutSeconds"), route.IsAnswered ? null : route.Timeout.TotalSeconds);
            comparison.Add("retries", where, Number(retries, "numRetries"), (double?)route.Retries?.Count);
            comparison.Add("retry on", where, $"{Text(retries, "retryOn")} {Codes(retries)}", $"{route.Retries?.RetryOn} {string.Join(',', route.Retries?.StatusCodes ?? [])}");
            comparison.Add("per-try time-out", where, Number(retries, "perTryTimeoutSeconds"), route.Retries?.PerTryTimeout?.TotalSeconds);
            comparison.Add("mirror", where, Mirror(Part(answer, "mirror")), mirror is null ? null : $"{mirror.Cluster.Name} {Numerator(mirror.Percent)}");
        }
    }

    // Envoy's match has one specifier of the path, which is the prefix / where nothing is asked for.
    private static string Pairs(HttpMatch? match)
    {
        var pairs = new List<string>
        {
            match?.Uri switch
            {
                { Kind: StringMatchKind.Prefix } uri => $"prefix={uri.Value}",
                { Kind: StringMatchKind.Exact } uri => $"path={uri.Value}",
                { Kind: StringMatchKind.Regex } uri => $"regex={uri.Value}",
                _ => "prefix=/",
            },
        };
        pairs.AddRange((match?.Headers ?? []).Select(header => $"header:{header.Key}={header.Value.Value}"));
        foreach (var (name, value) in new[] { (":method", match?.Method), (":authority", match?.Authority), (":scheme", match?.Scheme) })
        {
            if (value is not null)
                pairs.Add($"header:{name}={value.Value}");
        }

        return string.Join(' ', pairs.Order(StringComparer.Ordinal));
    }

    private static string Pairs(JsonElement match) =>
        string.Join(' ', match.EnumerateObject().Select(pair => $"{pair.Name}={pair.Value}").Order(StringComparer.Ordinal));

    private static string? Destination(JsonElement answer) => answer.TryGetProperty("weightedClusters", out var clusters)
        ? string.Join(' ', clusters.EnumerateArray().Select(cluster => $"{Text(cluster, "cluster")}={Number(cluster, "weight")}"))
        : Text(answer, "cluster");

    private static string? Destination(OutboundRoute route) =>
        route.IsWeighted ? string.Join(' ', route.Clusters.Select(cluster => $"{cluster.Name}={cluster.Weight}")) : route.Clusters.Count == 1 ? route.Clusters[0].Name : null;

    // Millionths where a percentage is given; 100 of 100 where none is.
    private static double Numerator(double? percent) => percent is { } given ? Math.Truncate(given * 10000) : 100;

    private static string? Mirror(JsonElement? mirror) => mirror is null ? null : $"{Text(mirror, "cluster")} {Number(mirror, "percent")}";

    private static string Codes(JsonElement? retries) =>
        Part(retries, "retriableStatusCodes") is { } codes ? string.Join(',', codes.EnumerateArray().Select(code => code.GetInt32())) : "";

    private static JsonElement? Part(JsonElement? json, string name) => json is { } given && given.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? json, string name) => Part(json, name)?.GetString();

    private static double? Number(JsonElement? json, string name) => Part(json, name)?.GetDouble();
}
