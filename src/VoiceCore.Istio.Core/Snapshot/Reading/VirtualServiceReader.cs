using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads VirtualServices.</summary>
internal static class VirtualServiceReader
{
    internal static VirtualService Read(IstioObject common, ObjectMetadata metadata, JsonTree spec, StringPool pool) => new(common)
    {
        Managers = metadata.Managers,
        Tools = metadata.Tools,
        Hosts = spec.Texts("hosts"),
        Gateways = spec.Texts("gateways"),
        ExportTo = spec.Texts("exportTo"),
        Http = spec.Map("http", route => Route(route, pool)),
        TcpRoutes = spec.Map("tcp", route => Connections(route, pool)),
        TlsRoutes = spec.Map("tls", route => Connections(route, pool)),
    };

    internal static HttpRetry Retry(JsonTree json) => new()
    {
        Attempts = json.Number("attempts"),
        PerTryTimeout = json.Duration("perTryTimeout"),
        BackOff = json.Duration("backoff"),
        RetryOn = json.Text("retryOn", ""),
    };

    private static HttpRoute Route(JsonTree json, StringPool pool) => new()
    {
        Name = json.Text("name", ""),
        Matches = json.Map("match", match => Match(match, pool)),
        Destinations = json.Map("route", Destination),
        IsRedirect = json.Field("redirect") is not null,
        IsDirectResponse = json.Field("directResponse") is not null,
        Delegate = json.Field("delegate") is { } other ? (other.Text("namespace", ""), other.Text("name", "")) : null,
        Timeout = json.Duration("timeout"),
        Retries = json.Field("retries") is { } retries ? Retry(retries) : null,
        Mirror = json.Field("mirror") is { } mirror ? Place(mirror, 0) : null,
        MirrorPercent = Percent(json.Field("mirrorPercentage")) ?? json.OptionalDouble("mirrorPercent") ?? json.OptionalDouble("mirror_percent"),
        MirrorPolicies = MirrorPolicies(json),
        HasFault = json.Field("fault") is not null,
    };

    private static ConnectionRoute Connections(JsonTree json, StringPool pool) => new(
        json.Map("match", match => match.ValueKind == JsonValueKind.Null ? new() : new ConnectionMatch
        {
            Port = match.Number("port"),
            SourceLabels = match.Labels("sourceLabels", pool) ?? LabelSet.Empty,
            SourceNamespace = match.Text("sourceNamespace", ""),
            Gateways = match.Texts("gateways"),
            SniHosts = match.Texts("sniHosts"),
            DestinationSubnets = match.Texts("destinationSubnets"),
        }),
        json.Map("route", Destination));

    private static HttpMirror[] MirrorPolicies(JsonTree json)
    {
        var mirrors = new List<HttpMirror>();
        foreach (var policy in json.Items("mirrors"))
        {
            if (policy.Field("destination") is { } destination)
                mirrors.Add(new HttpMirror(Place(destination, 0), Percent(policy.Field("percentage"))));
        }

        return mirrors.ToArray();
    }

    // A percentage that is there without a value is zero.
    private static double? Percent(JsonTree? percentage) => percentage is { } given ? given.OptionalDouble("value") ?? 0 : null;

    private static RouteDestination Destination(JsonTree json) =>
        json.Field("destination") is { } destination
            ? Place(destination, json.Number("weight"))
            : new RouteDestination("", "", 0, json.Number("weight"));

    internal static RouteDestination Place(JsonTree json, int weight) => new(
        json.Text("host", ""),
        json.Text("subset", ""),
        json.Field("port")?.Number("number") ?? 0,
        weight);

    private static HttpMatch Match(JsonTree json, StringPool pool) => json.ValueKind == JsonValueKind.Null ? new() : new()
    {
        Name = json.Text("name", ""),
        Uri = Compare(json.Field("uri")),
        Method = Compare(json.Field("method")),
        Authority = Compare(json.Field("authority")),
        Scheme = Compare(json.Field("scheme")),
        Headers = Comparisons(json, "headers"),
        WithoutHeaders = Comparisons(json, "withoutHeaders"),
        QueryParameters = Comparisons(json, "queryParams"),
        Port = json.Number("port"),
        SourceLabels = json.Labels("sourceLabels", pool) ?? LabelSet.Empty,
        SourceNamespace = json.Text("sourceNamespace", ""),
        Gateways = json.Texts("gateways"),
        IgnoreUriCase = json.Flag("ignoreUriCase"),
    };

    private static List<KeyValuePair<string, StringMatch>> Comparisons(JsonTree json, string name)
    {
        var comparisons = new List<KeyValuePair<string, StringMatch>>();
        foreach (var entry in json.Entries(name))
            comparisons.Add(new(entry.Name, entry.ValueKind == JsonValueKind.Null ? new StringMatch(StringMatchKind.Present, "") : Compare(entry)!));
        comparisons.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return comparisons;
    }

    private static StringMatch? Compare(JsonTree? json)
    {
        if (json is not { } match)
            return null;
        if (match.Text("exact") is { } exact)
            return new StringMatch(StringMatchKind.Exact, exact);
        if (match.Text("prefix") is { } prefix)
            return new StringMatch(StringMatchKind.Prefix, prefix);
        return match.Text("regex") is { } regex ? new StringMatch(StringMatchKind.Regex, regex) : new StringMatch(StringMatchKind.Present, "");
    }
}
