using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads VirtualServices.</summary>
internal static class VirtualServiceReader
{
    internal static VirtualService Read(IstioObject common, JsonElement metadata, JsonElement spec, StringPool pool)
    {
        var managers = OwnershipReader.Managers(metadata, pool);
        return Read(common, spec, pool) with { Managers = managers, Tools = OwnershipReader.Tools(metadata, managers) };
    }

    private static VirtualService Read(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        Hosts = spec.Texts("hosts", pool),
        Gateways = spec.Texts("gateways", pool),
        ExportTo = spec.Texts("exportTo", pool),
        Http = spec.Map("http", route => Route(route, pool)),
        TcpRoutes = spec.Map("tcp", route => Connections(route, pool)),
        TlsRoutes = spec.Map("tls", route => Connections(route, pool)),
    };

    internal static HttpRetry Retry(JsonElement json, StringPool pool) => new()
    {
        Attempts = json.Number("attempts"),
        PerTryTimeout = json.Duration("perTryTimeout"),
        BackOff = json.Duration("backoff"),
        RetryOn = pool.Get(json.Text("retryOn", "")),
    };

    private static HttpRoute Route(JsonElement json, StringPool pool) => new()
    {
        Name = pool.Get(json.Text("name", "")),
        Matches = json.Map("match", match => Match(match, pool)),
        Destinations = json.Map("route", target => Destination(target, pool)),
        IsRedirect = json.Field("redirect") is not null,
        IsDirectResponse = json.Field("directResponse") is not null,
        Delegate = json.Field("delegate") is { } other ? (pool.Get(other.Text("namespace", "")), pool.Get(other.Text("name", ""))) : null,
        Timeout = json.Duration("timeout"),
        Retries = json.Field("retries") is { } retries ? Retry(retries, pool) : null,
        Mirror = json.Field("mirror") is { } mirror ? Place(mirror, 0, pool) : null,
        MirrorPercent = Percent(json.Field("mirrorPercentage")) ?? json.OptionalDouble("mirrorPercent") ?? json.OptionalDouble("mirror_percent"),
        MirrorPolicies = MirrorPolicies(json, pool),
        HasFault = json.Field("fault") is not null,
    };

    private static ConnectionRoute Connections(JsonElement json, StringPool pool) => new(
        json.Items("match").Select(match => match.ValueKind == JsonValueKind.Null ? new() : new ConnectionMatch
        {
            Port = match.Number("port"),
            SourceLabels = match.Labels("sourceLabels", pool) ?? LabelSet.Empty,
            SourceNamespace = pool.Get(match.Text("sourceNamespace", "")),
            Gateways = match.Texts("gateways", pool),
            SniHosts = match.Texts("sniHosts", pool),
            DestinationSubnets = match.Texts("destinationSubnets", pool),
        }).ToArray(),
        json.Map("route", target => Destination(target, pool)));

    private static HttpMirror[] MirrorPolicies(JsonElement json, StringPool pool)
    {
        var mirrors = new List<HttpMirror>();
        foreach (var policy in json.Items("mirrors"))
        {
            if (policy.Field("destination") is { } destination)
                mirrors.Add(new HttpMirror(Place(destination, 0, pool), Percent(policy.Field("percentage"))));
        }

        return mirrors.ToArray();
    }

    // A percentage that is there without a value is zero.
    private static double? Percent(JsonElement? percentage) => percentage is { } given ? given.OptionalDouble("value") ?? 0 : null;

    private static RouteDestination Destination(JsonElement json, StringPool pool) =>
        json.Field("destination") is { } destination
            ? Place(destination, json.Number("weight"), pool)
            : new RouteDestination("", "", 0, json.Number("weight"));

    internal static RouteDestination Place(JsonElement json, int weight, StringPool pool) => new(
        pool.Get(json.Text("host", "")),
        pool.Get(json.Text("subset", "")),
        json.Field("port")?.Number("number") ?? 0,
        weight);

    private static HttpMatch Match(JsonElement json, StringPool pool) => json.ValueKind == JsonValueKind.Null ? new() : new()
    {
        Name = pool.Get(json.Text("name", "")),
        Uri = Compare(json.Field("uri"), pool),
        Method = Compare(json.Field("method"), pool),
        Authority = Compare(json.Field("authority"), pool),
        Scheme = Compare(json.Field("scheme"), pool),
        Headers = Comparisons(json, "headers", pool),
        WithoutHeaders = Comparisons(json, "withoutHeaders", pool),
        QueryParameters = Comparisons(json, "queryParams", pool),
        Port = json.Number("port"),
        SourceLabels = json.Labels("sourceLabels", pool) ?? LabelSet.Empty,
        SourceNamespace = pool.Get(json.Text("sourceNamespace", "")),
        Gateways = json.Texts("gateways", pool),
        IgnoreUriCase = json.Flag("ignoreUriCase"),
    };

    private static KeyValuePair<string, StringMatch>[] Comparisons(JsonElement json, string name, StringPool pool) =>
        json.Field(name) is null ? [] : json.Entries(name)
            .Select(entry => KeyValuePair.Create(
                pool.Get(entry.Name),
                entry.Value.ValueKind == JsonValueKind.Null ? new StringMatch(StringMatchKind.Present, "") : Compare(entry.Value, pool)!))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();

    private static StringMatch? Compare(JsonElement? json, StringPool pool)
    {
        if (json is not { } match)
            return null;
        if (match.Text("exact") is { } exact)
            return new StringMatch(StringMatchKind.Exact, pool.Get(exact));
        if (match.Text("prefix") is { } prefix)
            return new StringMatch(StringMatchKind.Prefix, pool.Get(prefix));
        return match.Text("regex") is { } regex ? new StringMatch(StringMatchKind.Regex, pool.Get(regex)) : new StringMatch(StringMatchKind.Present, "");
    }
}
