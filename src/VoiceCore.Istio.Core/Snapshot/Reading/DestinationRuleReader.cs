namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads DestinationRules, and the parts of a traffic policy wherever they stand.</summary>
internal static class DestinationRuleReader
{
    internal static DestinationRule Read(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        Host = spec.Text("host", ""),
        Policy = spec.Field("trafficPolicy") is { } policy ? Policy(policy, pool) : null,
        Subsets = spec.Map("subsets", subset => new Subset(
            subset.Text("name", ""),
            subset.Labels("labels", pool) ?? LabelSet.Empty,
            subset.Field("trafficPolicy") is { } own ? Policy(own, pool) : null)),
        ExportTo = spec.Texts("exportTo"),
        WorkloadSelector = spec.Field("workloadSelector") is { } selector ? selector.Labels("matchLabels", pool) ?? LabelSet.Empty : null,
    };

    internal static ConnectionPool ConnectionPool(JsonTree json)
    {
        var tcp = json.Field("tcp");
        var http = json.Field("http");
        return new ConnectionPool
        {
            MaxConnections = tcp?.Number("maxConnections") ?? 0,
            ConnectTimeout = tcp?.Duration("connectTimeout"),
            TcpIdleTimeout = tcp?.Duration("idleTimeout"),
            MaxConnectionDuration = tcp?.Duration("maxConnectionDuration"),
            MaxPendingRequests = http?.Number("http1MaxPendingRequests") ?? 0,
            MaxRequests = http?.Number("http2MaxRequests") ?? 0,
            MaxRequestsPerConnection = http?.Number("maxRequestsPerConnection") ?? 0,
            MaxRetries = http?.Number("maxRetries") ?? 0,
            HttpIdleTimeout = http?.Duration("idleTimeout"),
            H2UpgradePolicy = http?.Text("h2UpgradePolicy") ?? "DEFAULT",
            UseClientProtocol = http?.Flag("useClientProtocol") ?? false,
        };
    }

    internal static OutlierDetection OutlierDetection(JsonTree json) => new()
    {
        Consecutive5xxErrors = json.OptionalNumber("consecutive5xxErrors"),
        ConsecutiveGatewayErrors = json.OptionalNumber("consecutiveGatewayErrors"),
        ConsecutiveLocalOriginFailures = json.OptionalNumber("consecutiveLocalOriginFailures"),
        SplitLocalOriginErrors = json.Flag("splitExternalLocalOriginErrors"),
        Interval = json.Duration("interval"),
        BaseEjectionTime = json.Duration("baseEjectionTime"),
        MaxEjectionPercent = json.Number("maxEjectionPercent"),
        MinHealthPercent = json.Number("minHealthPercent"),
    };

    private static TrafficPolicy Policy(JsonTree json, StringPool pool) => new()
    {
        ConnectionPool = json.Field("connectionPool") is { } limits ? ConnectionPool(limits) : null,
        OutlierDetection = json.Field("outlierDetection") is { } outlier ? OutlierDetection(outlier) : null,
        LoadBalancer = json.Field("loadBalancer") is { } balancer ? LoadBalancer(balancer) : null,
        Tls = json.Field("tls") is { } tls ? Tls(tls) : null,
        RetryBudget = json.Field("retryBudget") is { } budget
            ? new RetryBudget(budget.OptionalDouble("percent") ?? 20, budget.Number("minRetryConcurrency") is > 0 and var least ? least : 3)
            : null,
        Ports = json.Map("portLevelSettings", port => new PortTrafficPolicy(port.Field("port")?.Number("number") ?? 0, Policy(port, pool))),
    };

    private static LoadBalancer LoadBalancer(JsonTree json) => new()
    {
        Simple = json.Text("simple", "UNSPECIFIED"),
        IsConsistentHash = json.Field("consistentHash") is not null,
        IsMaglev = json.Field("consistentHash")?.Field("maglev") is not null,
        LocalityDisabled = json.Field("localityLbSetting") is { } locality && !locality.Flag("enabled", otherwise: true),
    };

    private static ClientTls Tls(JsonTree json) => new(
        json.Enum(
            "mode",
            ClientTlsMode.Disable,
            ("DISABLE", ClientTlsMode.Disable),
            ("SIMPLE", ClientTlsMode.Simple),
            ("MUTUAL", ClientTlsMode.Mutual),
            ("ISTIO_MUTUAL", ClientTlsMode.IstioMutual)),
        json.Text("sni", ""))
    {
        CredentialName = json.Text("credentialName") is { Length: > 0 } name ? name : null,
        HasCertificateFiles = json.Text("clientCertificate") is { Length: > 0 } && json.Text("privateKey") is { Length: > 0 },
    };
}
