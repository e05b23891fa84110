namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the mesh config.</summary>
internal static class MeshConfigReader
{
    // Settings of proxies that do not begin with ISTIO_ and that findings look at.
    private static readonly string[] Known = ["PILOT_ENABLE_IP_AUTOALLOCATE", "SECRET_GRACE_PERIOD_RATIO", "SECRET_GRACE_PERIOD_RATIO_JITTER", "SECRET_TTL"];

    private const string Public = "PUBLIC";

    internal static MeshConfig Read(JsonTree json, StringPool pool)
    {
        var standard = MeshConfig.Default;
        var traffic = json.Field("defaultTrafficPolicy");
        return new MeshConfig
        {
            RootNamespace = json.Text("rootNamespace") is { Length: > 0 } root ? root : standard.RootNamespace,
            EnableAutoMtls = json.Flag("enableAutoMtls", standard.EnableAutoMtls),
            TrustDomain = json.Text("trustDomain") is { Length: > 0 } domain ? domain : standard.TrustDomain,
            TrustDomainAliases = json.Texts("trustDomainAliases"),
            OutboundTrafficPolicy = json.Field("outboundTrafficPolicy")?.Text("mode") ?? standard.OutboundTrafficPolicy,
            DefaultDestinationRuleExportTo = ExportTo(json, "defaultDestinationRuleExportTo"),
            DefaultVirtualServiceExportTo = ExportTo(json, "defaultVirtualServiceExportTo"),
            DefaultServiceExportTo = ExportTo(json, "defaultServiceExportTo"),
            ServiceEntryVisibility = json.Field("serviceEntryVisibility") is { } visibility && visibility.Flag("applyToSidecars", otherwise: false) ? Visibility(visibility, pool) : null,
            DefaultHttpRetryPolicy = json.Field("defaultHttpRetryPolicy") is { } retry ? VirtualServiceReader.Retry(retry) : null,
            ConnectTimeout = json.Duration("connectTimeout") ?? standard.ConnectTimeout,
            H2UpgradePolicy = json.Text("h2UpgradePolicy", standard.H2UpgradePolicy),
            DefaultConnectionPool = traffic.Field("connectionPool") is { } limits ? DestinationRuleReader.ConnectionPool(limits) : null,
            DefaultOutlierDetection = traffic.Field("outlierDetection") is { } outlier ? DestinationRuleReader.OutlierDetection(outlier) : null,
            LocalityLoadBalancing = json.Field("localityLbSetting")?.Flag("enabled", otherwise: true) ?? true,
            PathNormalization = json.Field("pathNormalization")?.Text("normalization") ?? standard.PathNormalization,
            DiscoverySelectors = json.Map("discoverySelectors", selector => WebhookReader.Selector(selector, pool)),
            HasDefaultAccessLog = json.Field("defaultProviders").Items("accessLogging").Count > 0,
            ProxyMetadata = ProxySettings(json.Field("defaultConfig")?.Labels("proxyMetadata", pool) ?? LabelSet.Empty),
            ProxyImageType = json.Field("defaultConfig").Field("image")?.Text("imageType") ?? "",
            ExtensionProviders = json.Map("extensionProviders", provider => new ExtensionProvider(
                provider.Text("name", ""),
                provider.Items.FirstOrDefault(field => field.Name != "name")?.Name ?? "")),
        };
    }

    // A rule that asks for nothing known never holds, and its policy with it.
    private static ServiceEntryVisibility Visibility(JsonTree json, StringPool pool) => new(
        json.Text("defaultVisibility", Public),
        json.Items("policies").Where(policy => policy.Items("matchingRules").All(rule => rule.Field("namespaceSelector") is not null)).Select(policy => new ServiceEntryVisibilityPolicy(
            policy.Text("visibility", Public),
            policy.Items("matchingRules").Select(rule => WebhookReader.Selector(rule.Field("namespaceSelector"), pool)).ToArray())).ToArray());

    // An environment may hold secrets; Istio's own settings are none.
    private static LabelSet ProxySettings(LabelSet environment)
    {
        var settings = new List<KeyValuePair<string, string>>();
        foreach (var variable in environment)
        {
            if (variable.Key.StartsWith("ISTIO_", StringComparison.Ordinal) || Array.IndexOf(Known, variable.Key) >= 0)
                settings.Add(variable);
        }

        return LabelSet.Create(settings);
    }

    private static IReadOnlyList<string> ExportTo(JsonTree json, string name) =>
        json.Texts(name) is { Count: > 0 } given ? given : ["*"];
}
