using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the mesh config.</summary>
internal static class MeshConfigReader
{
    // Settings of proxies that do not begin with ISTIO_ and that findings look at.
    private static readonly string[] Known = ["PILOT_ENABLE_IP_AUTOALLOCATE", "SECRET_GRACE_PERIOD_RATIO", "SECRET_GRACE_PERIOD_RATIO_JITTER", "SECRET_TTL"];

    private const string Public = "PUBLIC";

    internal static MeshConfig Read(JsonElement json, StringPool pool)
    {
        var standard = MeshConfig.Default;
        var traffic = json.Field("defaultTrafficPolicy");
        return new MeshConfig
        {
            RootNamespace = pool.Get(json.Text("rootNamespace") is { Length: > 0 } root ? root : standard.RootNamespace),
            EnableAutoMtls = json.Flag("enableAutoMtls", standard.EnableAutoMtls),
            TrustDomain = pool.Get(json.Text("trustDomain") is { Length: > 0 } domain ? domain : standard.TrustDomain),
            TrustDomainAliases = json.Texts("trustDomainAliases", pool),
            OutboundTrafficPolicy = pool.Get(json.Field("outboundTrafficPolicy")?.Text("mode") ?? standard.OutboundTrafficPolicy),
            DefaultDestinationRuleExportTo = ExportTo(json, "defaultDestinationRuleExportTo", pool),
            DefaultVirtualServiceExportTo = ExportTo(json, "defaultVirtualServiceExportTo", pool),
            DefaultServiceExportTo = ExportTo(json, "defaultServiceExportTo", pool),
            ServiceEntryVisibility = json.Field("serviceEntryVisibility") is { } visibility && visibility.Flag("applyToSidecars", otherwise: false) ? Visibility(visibility, pool) : null,
            DefaultHttpRetryPolicy = json.Field("defaultHttpRetryPolicy") is { } retry ? VirtualServiceReader.Retry(retry, pool) : null,
            ConnectTimeout = json.Duration("connectTimeout") ?? standard.ConnectTimeout,
            H2UpgradePolicy = pool.Get(json.Text("h2UpgradePolicy", standard.H2UpgradePolicy)),
            DefaultConnectionPool = traffic.Field("connectionPool") is { } limits ? DestinationRuleReader.ConnectionPool(limits, pool) : null,
            DefaultOutlierDetection = traffic.Field("outlierDetection") is { } outlier ? DestinationRuleReader.OutlierDetection(outlier) : null,
            LocalityLoadBalancing = json.Field("localityLbSetting")?.Flag("enabled", otherwise: true) ?? true,
            PathNormalization = pool.Get(json.Field("pathNormalization")?.Text("normalization") ?? standard.PathNormalization),
            DiscoverySelectors = json.Items("discoverySelectors").Select(selector => WebhookReader.Selector(selector, pool)).ToArray(),
            HasDefaultAccessLog = json.Field("defaultProviders").Items("accessLogging").Any(),
            ProxyMetadata = ProxySettings(json.Field("defaultConfig")?.Labels("proxyMetadata", pool) ?? LabelSet.Empty),
            ProxyImageType = pool.Get(json.Field("defaultConfig").Field("image")?.Text("imageType") ?? ""),
            ExtensionProviders = json.Items("extensionProviders").Select(provider => new ExtensionProvider(
                pool.Get(provider.Text("name", "")),
                pool.Get(provider.EnumerateObject().FirstOrDefault(field => field.Name != "name") is { Value.ValueKind: not JsonValueKind.Undefined } kind ? kind.Name : ""))).ToArray(),
        };
    }

    // A rule that asks for nothing known never holds, and its policy with it.
    private static ServiceEntryVisibility Visibility(JsonElement json, StringPool pool) => new(
        pool.Get(json.Text("defaultVisibility", Public)),
        json.Items("policies").Where(policy => policy.Items("matchingRules").All(rule => rule.Field("namespaceSelector") is not null)).Select(policy => new ServiceEntryVisibilityPolicy(
            pool.Get(policy.Text("visibility", Public)),
            policy.Items("matchingRules").Select(rule => WebhookReader.Selector(rule.Field("namespaceSelector"), pool)).ToArray())).ToArray());

    // An environment may hold secrets; Istio's own settings are none.
    private static LabelSet ProxySettings(LabelSet environment) =>
        LabelSet.Create(environment.Where(variable => variable.Key.StartsWith("ISTIO_", StringComparison.Ordinal) || Known.Contains(variable.Key)));

    private static IReadOnlyList<string> ExportTo(JsonElement json, string name, StringPool pool) =>
        json.Texts(name, pool) is { Count: > 0 } given ? given : ["*"];
}
