using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads objects of Istio's API from their JSON.</summary>
internal static class IstioObjectReader
{
    /// <summary>The group of the Gateway API, which has a Gateway of its own.</summary>
    internal const string GatewayApiGroup = "gateway.networking.k8s.io";

    private static readonly (string, MutualTlsMode)[] MutualTlsModes =
    [
        ("UNSET", MutualTlsMode.Unset),
        ("DISABLE", MutualTlsMode.Disable),
        ("PERMISSIVE", MutualTlsMode.Permissive),
        ("STRICT", MutualTlsMode.Strict),
    ];

    /// <summary>
    /// Reads an object whose API group ends with <c>istio.io</c>. The reader is at its start and is left at its end; <paramref name="text"/> is what it reads.
    /// Of kinds of other groups, and of those without a record of their own, comes what objects of all kinds have, their <c>spec</c> as it is.
    /// </summary>
    /// <exception cref="FormatException">A field holds what it cannot hold.</exception>
    internal static IstioObject Read(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string apiVersion, string kind, StringPool pool, string defaultNamespace, string? source)
    {
        var (metadata, spec, status) = (ObjectMetadata.None, JsonTree.Empty, JsonTree.Empty);
        var written = "{}"u8;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.ReadOfIstio(ref reader, pool);
            }
            else if (reader.ValueTextEquals("spec"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (JsonTree.Read(ref reader, pool) is { ValueKind: not JsonValueKind.Null } given)
                {
                    spec = given;
                    written = text[start..(int)reader.BytesConsumed];
                }
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                if (JsonTree.Read(ref reader, pool) is { ValueKind: not JsonValueKind.Null } given)
                    status = given;
            }
            else
            {
                reader.Skip();
            }
        }

        var common = new IstioObject
        {
            Kind = pool.Get(kind),
            ApiVersion = pool.Get(apiVersion),
            Namespace = metadata.NamespaceOr(defaultNamespace),
            Name = metadata.Name,
            Created = metadata.Created,
            Labels = metadata.Labels,
            Annotations = metadata.Annotations,
            Conditions = ConditionReader.Read(status),
            Spec = written.ToArray(),
            Source = source,
        };
        return apiVersion.StartsWith(GatewayApiGroup, StringComparison.Ordinal) ? common : kind switch
        {
            "PeerAuthentication" => PeerAuthentication(common, spec, pool),
            "RequestAuthentication" => RequestAuthentication(common, spec, pool),
            "AuthorizationPolicy" => AuthorizationPolicyReader.Read(common, spec, pool),
            "DestinationRule" => DestinationRuleReader.Read(common, spec, pool),
            "VirtualService" => VirtualServiceReader.Read(common, metadata, spec, pool),
            "Sidecar" => Sidecar(common, spec, pool),
            "ServiceEntry" => ServiceEntry(common, spec, pool) with { HasStatusAddresses = status.Items("addresses").Count > 0 },
            "WorkloadEntry" => new WorkloadEntry(common) { Workload = Workload(spec, pool) },
            "Gateway" => Gateway(common, spec, pool),
            _ => common,
        };
    }

    /// <summary><c>selector.matchLabels</c>: null without a selector, empty for an empty one.</summary>
    internal static LabelSet? Selector(JsonTree spec, StringPool pool) =>
        spec.Field("selector") is { } selector ? selector.Labels("matchLabels", pool) ?? LabelSet.Empty : null;

    /// <summary><c>targetRefs</c>, and <c>targetRef</c> of old.</summary>
    internal static IReadOnlyList<PolicyTarget> Targets(JsonTree spec)
    {
        var targets = spec.Map("targetRefs", Target);
        return spec.Field("targetRef") is { } single ? [.. targets, Target(single)] : targets;
    }

    private static PolicyTarget Target(JsonTree target) => new(target.Text("group", ""), target.Text("kind", ""), target.Text("name", ""));

    private static PeerAuthentication PeerAuthentication(IstioObject common, JsonTree spec, StringPool pool)
    {
        var ports = new SortedList<int, MutualTlsMode>();
        foreach (var entry in spec.Entries("portLevelMtls"))
        {
            if (!int.TryParse(entry.Name, out var port))
                throw new FormatException($"'portLevelMtls' must have port numbers as keys, not '{entry.Name}'");
            ports[port] = entry.ValueKind == JsonValueKind.Null ? MutualTlsMode.Unset : entry.Enum("mode", MutualTlsMode.Unset, MutualTlsModes);
        }

        return new PeerAuthentication(common)
        {
            Selector = Selector(spec, pool),
            Mode = spec.Field("mtls") is { } mtls ? mtls.Enum("mode", MutualTlsMode.Unset, MutualTlsModes) : MutualTlsMode.Unset,
            PortModes = ports,
        };
    }

    private static RequestAuthentication RequestAuthentication(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        Selector = Selector(spec, pool),
        Targets = Targets(spec),
        Rules = spec.Map("jwtRules", rule => new JwtRule(rule.Text("issuer", ""), rule.Texts("audiences"), rule.Texts("spaceDelimitedClaims"))),
    };

    private static Sidecar Sidecar(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        WorkloadSelector = spec.Field("workloadSelector") is { } selector ? selector.Labels("labels", pool) ?? LabelSet.Empty : null,
        Egress = spec.Map("egress", egress =>
        {
            var port = egress.Field("port");
            return new SidecarEgress(
                egress.Texts("hosts"),
                port?.Number("number") ?? 0,
                port?.Text("protocol") ?? "",
                egress.Text("bind", ""));
        }),
        Ingress = spec.Map("ingress", ingress => new SidecarIngress(
            ingress.Field("port")?.Number("number") ?? 0,
            ingress.Field("port")?.Text("protocol") ?? "",
            ingress.Field("tls") is not null)),
        OutboundTrafficPolicy = spec.Field("outboundTrafficPolicy") is { } policy ? policy.Text("mode", "REGISTRY_ONLY") : null,
        EgressProxy = spec.Field("outboundTrafficPolicy").Field("egressProxy") is { } proxy ? VirtualServiceReader.Place(proxy, 0) : null,
    };

    private static ServiceEntry ServiceEntry(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        Hosts = spec.Texts("hosts"),
        Addresses = spec.Texts("addresses"),
        Ports = spec.Map("ports", port => new ServicePortRecord(
            port.Text("name", ""),
            port.Number("number"),
            port.Text("targetPort", ""),
            "TCP",
            port.Text("protocol", ""))),
        IsMeshInternal = spec.Text("location") == "MESH_INTERNAL",
        Resolution = spec.Text("resolution", "NONE"),
        Endpoints = spec.Map("endpoints", endpoint => Workload(endpoint, pool)),
        WorkloadSelector = spec.Field("workloadSelector") is { } selector ? selector.Labels("labels", pool) ?? LabelSet.Empty : null,
        ExportTo = spec.Texts("exportTo"),
    };

    private static WorkloadAddress Workload(JsonTree json, StringPool pool)
    {
        var ports = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var port in json.Entries("ports"))
            ports[port.Name] = port.ValueKind == JsonValueKind.Number && int.TryParse(port.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"port '{port.Name}' must be a number");
        return new WorkloadAddress(
            json.Text("address", ""),
            json.Labels("labels", pool) ?? LabelSet.Empty,
            ports,
            json.Text("serviceAccount", ""))
        {
            Locality = json.Text("locality", ""),
        };
    }

    private static GatewayRecord Gateway(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        Selector = spec.Labels("selector", pool),
        Servers = spec.Map("servers", server => new GatewayServer(
            server.Field("port")?.Number("number") ?? 0,
            server.Field("port")?.Text("protocol") ?? "",
            server.Texts("hosts"),
            server.Field("tls")?.Text("mode", "PASSTHROUGH"),
            server.Field("tls")?.Text("credentialName"))),
    };
}
