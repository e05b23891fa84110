using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads objects of Istio's API from their JSON.</summary>
internal static class IstioObjectReader
{
    private static readonly JsonElement NoSpec = JsonDocument.Parse("{}").RootElement;

    private static readonly (string, MutualTlsMode)[] MutualTlsModes =
    [
        ("UNSET", MutualTlsMode.Unset),
        ("DISABLE", MutualTlsMode.Disable),
        ("PERMISSIVE", MutualTlsMode.Permissive),
        ("STRICT", MutualTlsMode.Strict),
    ];

    /// <summary>Reads an object whose API group ends with <c>istio.io</c>.</summary>
    /// <exception cref="FormatException">A field holds what it cannot hold.</exception>
    internal static IstioObject Read(string kind, JsonElement json, string apiVersion, StringPool pool, string defaultNamespace, string? source)
    {
        var common = ReadCommon(kind, json, apiVersion, pool, defaultNamespace, source);
        var spec = json.Field("spec") ?? NoSpec;
        return kind switch
        {
            "PeerAuthentication" => PeerAuthentication(common, spec, pool),
            "RequestAuthentication" => RequestAuthentication(common, spec, pool),
            "AuthorizationPolicy" => AuthorizationPolicyReader.Read(common, spec, pool),
            "DestinationRule" => DestinationRuleReader.Read(common, spec, pool),
            "VirtualService" => VirtualServiceReader.Read(common, json.Field("metadata") ?? NoSpec, spec, pool),
            "Sidecar" => Sidecar(common, spec, pool),
            "ServiceEntry" => ServiceEntry(common, spec, pool) with { HasStatusAddresses = json.Field("status").Items("addresses").Any() },
            "WorkloadEntry" => new WorkloadEntry(common) { Workload = Workload(spec, pool) },
            "Gateway" => Gateway(common, spec, pool),
            _ => common,
        };
    }

    /// <summary>Reads what objects of all kinds have, their <c>spec</c> as it is.</summary>
    /// <exception cref="FormatException">A field holds what it cannot hold.</exception>
    internal static IstioObject ReadCommon(string kind, JsonElement json, string apiVersion, StringPool pool, string defaultNamespace, string? source)
    {
        var metadata = json.Field("metadata") ?? NoSpec;
        return new IstioObject
        {
            Kind = pool.Get(kind),
            ApiVersion = pool.Get(apiVersion),
            Namespace = pool.Get(metadata.Text("namespace") is { Length: > 0 } given ? given : defaultNamespace),
            Name = pool.Get(metadata.Text("name", "")),
            Created = metadata.Text("creationTimestamp") is { } time ? JsonTokens.ParseTime(time) : default,
            Labels = metadata.Labels("labels", pool) ?? LabelSet.Empty,
            Annotations = IstioAnnotations(metadata, pool),
            Conditions = json.Field("status") is { } status ? ConditionReader.Read(status, pool) : [],
            Spec = System.Text.Encoding.UTF8.GetBytes((json.Field("spec") ?? NoSpec).GetRawText()),
            Source = source,
        };
    }

    /// <summary><c>selector.matchLabels</c>: null without a selector, empty for an empty one.</summary>
    internal static LabelSet? Selector(JsonElement spec, StringPool pool) =>
        spec.Field("selector") is { } selector ? selector.Labels("matchLabels", pool) ?? LabelSet.Empty : null;

    /// <summary><c>targetRefs</c>, and <c>targetRef</c> of old.</summary>
    internal static IReadOnlyList<PolicyTarget> Targets(JsonElement spec, StringPool pool)
    {
        var targets = spec.Items("targetRefs").ToList();
        if (spec.Field("targetRef") is { } single)
            targets.Add(single);
        return targets.ConvertAll(target =>
            new PolicyTarget(pool.Get(target.Text("group", "")), pool.Get(target.Text("kind", "")), pool.Get(target.Text("name", ""))));
    }

    private static LabelSet IstioAnnotations(JsonElement metadata, StringPool pool)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var entry in metadata.Entries("annotations"))
        {
            if ((ObjectMetadata.IsKept(entry.Name) || ManagingToolMarks.IsAnnotation(entry.Name)) && entry.Value.ValueKind == JsonValueKind.String)
                pairs.Add(new(pool.Get(entry.Name), pool.Get(entry.Value.GetString()!)));
        }

        return pairs.Count == 0 ? LabelSet.Empty : pool.Get(LabelSet.Create(pairs));
    }

    private static PeerAuthentication PeerAuthentication(IstioObject common, JsonElement spec, StringPool pool)
    {
        var ports = new SortedList<int, MutualTlsMode>();
        foreach (var entry in spec.Entries("portLevelMtls"))
        {
            if (!int.TryParse(entry.Name, out var port))
                throw new FormatException($"'portLevelMtls' must have port numbers as keys, not '{entry.Name}'");
            ports[port] = entry.Value.ValueKind == JsonValueKind.Null ? MutualTlsMode.Unset : entry.Value.Enum("mode", MutualTlsMode.Unset, MutualTlsModes);
        }

        return new PeerAuthentication(common)
        {
            Selector = Selector(spec, pool),
            Mode = spec.Field("mtls") is { } mtls ? mtls.Enum("mode", MutualTlsMode.Unset, MutualTlsModes) : MutualTlsMode.Unset,
            PortModes = ports,
        };
    }

    private static RequestAuthentication RequestAuthentication(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        Selector = Selector(spec, pool),
        Targets = Targets(spec, pool),
        Rules = spec.Map("jwtRules", rule => new JwtRule(pool.Get(rule.Text("issuer", "")), rule.Texts("audiences", pool), rule.Texts("spaceDelimitedClaims", pool))),
    };

    private static Sidecar Sidecar(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        WorkloadSelector = spec.Field("workloadSelector") is { } selector ? selector.Labels("labels", pool) ?? LabelSet.Empty : null,
        Egress = spec.Map("egress", egress =>
        {
            var port = egress.Field("port");
            return new SidecarEgress(
                egress.Texts("hosts", pool),
                port?.Number("number") ?? 0,
                pool.Get(port?.Text("protocol") ?? ""),
                pool.Get(egress.Text("bind", "")));
        }),
        Ingress = spec.Map("ingress", ingress => new SidecarIngress(
            ingress.Field("port")?.Number("number") ?? 0,
            pool.Get(ingress.Field("port")?.Text("protocol") ?? ""),
            ingress.Field("tls") is not null)),
        OutboundTrafficPolicy = spec.Field("outboundTrafficPolicy") is { } policy ? pool.Get(policy.Text("mode", "REGISTRY_ONLY")) : null,
        EgressProxy = spec.Field("outboundTrafficPolicy").Field("egressProxy") is { } proxy ? VirtualServiceReader.Place(proxy, 0, pool) : null,
    };

    private static ServiceEntry ServiceEntry(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        Hosts = spec.Texts("hosts", pool),
        Addresses = spec.Texts("addresses", pool),
        Ports = spec.Map("ports", port => new ServicePortRecord(
            pool.Get(port.Text("name", "")),
            port.Number("number"),
            pool.Get(port.Text("targetPort", "")),
            "TCP",
            pool.Get(port.Text("protocol", "")))),
        IsMeshInternal = spec.Text("location") == "MESH_INTERNAL",
        Resolution = pool.Get(spec.Text("resolution", "NONE")),
        Endpoints = spec.Map("endpoints", endpoint => Workload(endpoint, pool)),
        WorkloadSelector = spec.Field("workloadSelector") is { } selector ? selector.Labels("labels", pool) ?? LabelSet.Empty : null,
        ExportTo = spec.Texts("exportTo", pool),
    };

    private static WorkloadAddress Workload(JsonElement json, StringPool pool)
    {
        var ports = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var port in json.Entries("ports"))
            ports[port.Name] = port.Value.TryGetInt32(out var number) ? number : throw new FormatException($"port '{port.Name}' must be a number");
        return new WorkloadAddress(
            pool.Get(json.Text("address", "")),
            json.Labels("labels", pool) ?? LabelSet.Empty,
            ports,
            pool.Get(json.Text("serviceAccount", "")))
        {
            Locality = pool.Get(json.Text("locality", "")),
        };
    }

    private static GatewayRecord Gateway(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        Selector = spec.Labels("selector", pool),
        Servers = spec.Map("servers", server => new GatewayServer(
            server.Field("port")?.Number("number") ?? 0,
            pool.Get(server.Field("port")?.Text("protocol") ?? ""),
            server.Texts("hosts", pool),
            server.Field("tls")?.Text("mode", "PASSTHROUGH"),
            server.Field("tls")?.Text("credentialName"))),
    };
}
