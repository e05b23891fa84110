using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>Writes what <see cref="Reading.MeshConfigReader"/> reads of a mesh config; of extension providers that is name and kind.</summary>
internal static class MeshConfigWriter
{
    // That there is one counts, not which.
    private const string AnyProvider = "any";

    internal static void Write(Utf8JsonWriter json, MeshConfig mesh)
    {
        json.WriteStartObject();
        json.Duration("connectTimeout", mesh.ConnectTimeout);
        WriteDefaultProxy(json, mesh);
        json.Texts("defaultDestinationRuleExportTo", mesh.DefaultDestinationRuleExportTo);
        if (mesh.DefaultHttpRetryPolicy is { } retry)
        {
            json.WriteStartObject("defaultHttpRetryPolicy"u8);
            json.WriteNumber("attempts"u8, retry.Attempts);
            json.Duration("backoff", retry.BackOff);
            json.Duration("perTryTimeout", retry.PerTryTimeout);
            json.Text("retryOn", retry.RetryOn);
            json.WriteEndObject();
        }

        if (mesh.HasDefaultAccessLog)
        {
            json.WriteStartObject("defaultProviders"u8);
            json.Texts("accessLogging", [AnyProvider]);
            json.WriteEndObject();
        }

        json.Texts("defaultServiceExportTo", mesh.DefaultServiceExportTo);
        if (mesh.DefaultConnectionPool is not null || mesh.DefaultOutlierDetection is not null)
        {
            json.WriteStartObject("defaultTrafficPolicy"u8);
            if (mesh.DefaultConnectionPool is { } pool)
                WriteLimits(json, pool);
            if (mesh.DefaultOutlierDetection is { } outliers)
                WriteOutliers(json, outliers);
            json.WriteEndObject();
        }

        json.Texts("defaultVirtualServiceExportTo", mesh.DefaultVirtualServiceExportTo);
        if (mesh.DiscoverySelectors.Count > 0)
        {
            json.WriteStartArray("discoverySelectors"u8);
            foreach (var selector in mesh.DiscoverySelectors)
                WebhookWriter.WriteValue(json, selector);
            json.WriteEndArray();
        }

        json.WriteBoolean("enableAutoMtls"u8, mesh.EnableAutoMtls);
        if (mesh.ExtensionProviders.Count > 0)
        {
            json.WriteStartArray("extensionProviders"u8);
            foreach (var provider in mesh.ExtensionProviders)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, provider.Name);
                if (provider.Kind.Length > 0)
                {
                    json.WriteStartObject(provider.Kind);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteString("h2UpgradePolicy"u8, mesh.H2UpgradePolicy);
        WriteOne(json, "localityLbSetting", "enabled", mesh.LocalityLoadBalancing);
        WriteOne(json, "outboundTrafficPolicy", "mode", mesh.OutboundTrafficPolicy);
        WriteOne(json, "pathNormalization", "normalization", mesh.PathNormalization);
        json.WriteString("rootNamespace"u8, mesh.RootNamespace);
        if (mesh.ServiceEntryVisibility is { } visibility)
            WriteVisibility(json, visibility);
        json.WriteString("trustDomain"u8, mesh.TrustDomain);
        json.Texts("trustDomainAliases", mesh.TrustDomainAliases);
        json.WriteEndObject();
    }

    private static void WriteDefaultProxy(Utf8JsonWriter json, MeshConfig mesh)
    {
        json.WriteStartObject("defaultConfig"u8);
        if (mesh.ProxyImageType.Length > 0)
            WriteOne(json, "image", "imageType", mesh.ProxyImageType);
        json.Labels("proxyMetadata", mesh.ProxyMetadata);
        json.WriteEndObject();
    }

    private static void WriteVisibility(Utf8JsonWriter json, ServiceEntryVisibility visibility)
    {
        json.WriteStartObject("serviceEntryVisibility"u8);
        json.WriteBoolean("applyToSidecars"u8, true);
        json.WriteString("defaultVisibility"u8, visibility.Default);
        json.WriteStartArray("policies"u8);
        foreach (var policy in visibility.Policies)
        {
            json.WriteStartObject();
            json.WriteStartArray("matchingRules"u8);
            foreach (var selector in policy.Namespaces)
            {
                json.WriteStartObject();
                json.WritePropertyName("namespaceSelector"u8);
                WebhookWriter.WriteValue(json, selector);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("visibility"u8, policy.Visibility);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, ConnectionPool pool)
    {
        json.WriteStartObject("connectionPool"u8);
        json.WriteStartObject("http"u8);
        json.Text("h2UpgradePolicy", pool.H2UpgradePolicy, "DEFAULT");
        json.Number("http1MaxPendingRequests", pool.MaxPendingRequests);
        json.Number("http2MaxRequests", pool.MaxRequests);
        json.Duration("idleTimeout", pool.HttpIdleTimeout);
        json.Number("maxRequestsPerConnection", pool.MaxRequestsPerConnection);
        json.Number("maxRetries", pool.MaxRetries);
        json.Flag("useClientProtocol", pool.UseClientProtocol);
        json.WriteEndObject();
        json.WriteStartObject("tcp"u8);
        json.Duration("connectTimeout", pool.ConnectTimeout);
        json.Duration("idleTimeout", pool.TcpIdleTimeout);
        json.Duration("maxConnectionDuration", pool.MaxConnectionDuration);
        json.Number("maxConnections", pool.MaxConnections);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOutliers(Utf8JsonWriter json, OutlierDetection outliers)
    {
        json.WriteStartObject("outlierDetection"u8);
        json.Duration("baseEjectionTime", outliers.BaseEjectionTime);
        json.Number("consecutive5xxErrors", outliers.Consecutive5xxErrors, otherwise: null);
        json.Number("consecutiveGatewayErrors", outliers.ConsecutiveGatewayErrors, otherwise: null);
        json.Number("consecutiveLocalOriginFailures", outliers.ConsecutiveLocalOriginFailures, otherwise: null);
        json.Duration("interval", outliers.Interval);
        json.Number("maxEjectionPercent", outliers.MaxEjectionPercent);
        json.Number("minHealthPercent", outliers.MinHealthPercent);
        json.Flag("splitExternalLocalOriginErrors", outliers.SplitLocalOriginErrors);
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, string name, string field, string text)
    {
        json.WriteStartObject(name);
        json.WriteString(field, text);
        json.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter json, string name, string field, bool flag)
    {
        json.WriteStartObject(name);
        json.WriteBoolean(field, flag);
        json.WriteEndObject();
    }
}
