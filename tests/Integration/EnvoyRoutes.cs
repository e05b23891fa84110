using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The routes that a real proxy holds (its <c>config_dump</c>) and those of verdicts, each as one line of text, so that the two can be compared.
/// Form: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto.
/// </summary>
internal static class EnvoyRoutes
{
    /// <summary>The routes of a host and port in order; none where the proxy has no such virtual host.</summary>
    internal static IReadOnlyList<string> Of(string dump, string host, int port)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        return [.. JsonNode.Parse(dump)!["configs"]!.AsArray()
            .SelectMany(config => config!["route_config"]!["virtual_hosts"]?.AsArray() ?? [])
            .Where(virtualHost => (string?)virtualHost!["name"] == name)
            .SelectMany(virtualHost => virtualHost!["routes"]!.AsArray())
            .Select(route => Line(route!))];
    }

    /// <summary>A verdict's line.</summary>
    internal static string Of(MeshTimeout row) => Line(
        Sorted(row.Match == "*" ? [] : row.Match.Replace(" not ", " not:", StringComparison.Ordinal).Split(' ')),
        row.Action,
        row.Destinations.Select(destination => (Cluster(destination), destination.Percent)),
        row.Mirrors.Select(mirror => (Cluster(mirror), mirror.Percent)),
        row.Timeout,
        row.Attempts,
        row.PerTryTimeout,
        row.RetryOn);

    private static string Line(JsonNode route)
    {
        var action = route["route"];
        var retries = action?["retry_policy"];
        return Line(
            Sorted(Match(route["match"]!)),
            route["redirect"] is not null ? RouteAction.Redirect : route["direct_response"] is not null ? RouteAction.DirectResponse : RouteAction.Forward,
            Clusters(action),
            (action?["request_mirror_policies"]?.AsArray() ?? []).Select(mirror => ((string)mirror!["cluster"]!, Percent(mirror["runtime_fraction"]?["default_value"]))),
            Time(action?["timeout"]) is { } timeout && timeout > TimeSpan.Zero ? timeout : null,
            (int?)retries?["num_retries"] ?? 0,
            Time(retries?["per_try_timeout"]),
            [
                .. ((string?)retries?["retry_on"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries),
                .. (retries?["retriable_status_codes"]?.AsArray() ?? []).Select(code => ((int)code!).ToString(CultureInfo.InvariantCulture)),
            ]);
    }

    private static string Line(
        string match, RouteAction action, IEnumerable<(string Cluster, double Percent)> destinations, IEnumerable<(string Cluster, double Percent)> mirrors,
        TimeSpan? timeout, int attempts, TimeSpan? perTry, IEnumerable<string> retryOn) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{match}] {action} to {Shares(destinations)} copies {Shares(mirrors)} within {timeout} retries {attempts} of {perTry} on {string.Join(',', retryOn)}");

    private static string Shares(IEnumerable<(string Cluster, double Percent)> shares) =>
        string.Join(' ', shares.Select(share => FormattableString.Invariant($"{share.Cluster} {share.Percent:0.####}%")));

    private static string Cluster(MeshRouteDestination destination) => FormattableString.Invariant($"outbound|{destination.Port}|{destination.Subset}|{destination.Host}");

    private static IEnumerable<(string Cluster, double Percent)> Clusters(JsonNode? action)
    {
        if (action?["cluster"] is { } single)
            return [((string)single!, 100)];
        var clusters = action?["weighted_clusters"]?["clusters"]?.AsArray() ?? [];
        var total = clusters.Sum(cluster => (double)cluster!["weight"]!);
        return clusters.Select(cluster => ((string)cluster!["name"]!, 100 * (double)cluster["weight"]! / total));
    }

    private static double Percent(JsonNode? fraction) =>
        fraction is null ? 100 : ((double?)fraction["numerator"] ?? 0) / ((string?)fraction["denominator"] switch { "MILLION" => 10_000, "TEN_THOUSAND" => 100, _ => 1 });

    private static TimeSpan? Time(JsonNode? duration) =>
        (string?)duration is { } text ? TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture)) : null;

    // The order of conditions means nothing.
    private static string Sorted(IEnumerable<string> conditions) => string.Join(' ', conditions.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Match(JsonNode match)
    {
        if ((string?)match["prefix"] is { } prefix && prefix != "/")
            yield return prefix + "*";
        if ((string?)match["path"] is { } path)
            yield return path;
        if ((string?)match["safe_regex"]?["regex"] is { } regex)
            yield return "~" + regex;
        foreach (var query in match["query_parameters"]?.AsArray() ?? [])
            yield return $"?{query!["name"]}{Value(query["string_match"]!)}";
        foreach (var header in match["headers"]?.AsArray() ?? [])
            yield return ((bool?)header!["invert_match"] == true ? "not:" : "") + Header((string)header["name"]!, header["string_match"] is { } value ? Value(value) : "");
    }

    private static string Header(string name, string value) => name switch
    {
        ":method" => value[1..],
        ":authority" => $"host{value}",
        ":scheme" => $"scheme{value}",
        _ => name + value,
    };

    private static string Value(JsonNode match) => match.AsObject().Select(pair => (pair.Key, pair.Value)).First(pair => pair.Value!.GetValueKind() is JsonValueKind.String or JsonValueKind.Object) switch
    {
        ("exact", var value) => $"={value}",
        ("prefix", var value) => $"={value}*",
        ("safe_regex", var value) => $"=~{value!["regex"]}",
        var (kind, value) => $" {kind} {value}",
    };
}
