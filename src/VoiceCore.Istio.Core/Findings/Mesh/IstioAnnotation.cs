using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// The annotations of Istio: where they count and what they hold. Sources: annotation/annotations.gen.go of istio/api, and the validation of
/// pkg/kube/inject/validate.go and pkg/util/net/ip.go of Istio 1.31.
/// </summary>
/// <param name="Kinds">The kinds that it counts on; <c>Any</c> for all.</param>
/// <param name="IsDeprecated">True where Istio is about to drop it.</param>
internal sealed partial record IstioAnnotation(string[] Kinds, bool IsDeprecated = false)
{
    private static readonly string[] Pod = ["Pod"];
    private static readonly string[] Service = ["Service"];
    private static readonly string[] Gateway = ["Gateway"];
    private static readonly string[] WorkloadEntry = ["WorkloadEntry"];

    private static readonly Dictionary<string, IstioAnnotation> All = new(StringComparer.Ordinal)
    {
        ["alpha.istio.io/canonical-serviceaccounts"] = new(Service, IsDeprecated: true),
        ["alpha.istio.io/kubernetes-serviceaccounts"] = new(Service, IsDeprecated: true),
        ["ambient.istio.io/bypass-inbound-capture"] = new(Pod),
        ["ambient.istio.io/dns-capture"] = new(Pod),
        ["ambient.istio.io/redirection"] = new(Pod),
        ["ambient.istio.io/waypoint-inbound-binding"] = new(["GatewayClass", "Gateway"]),
        ["galley.istio.io/analyze-suppress"] = new(["Any"]),
        ["gateway.istio.io/controller-version"] = new(["Any"]),
        ["gateway.istio.io/name-override"] = new(Gateway),
        ["gateway.istio.io/service-account"] = new(Gateway),
        ["inject.istio.io/templates"] = new(Pod),
        ["istio.io/autoRegistrationGroup"] = new(WorkloadEntry),
        ["istio.io/connectedAt"] = new(WorkloadEntry),
        ["istio.io/disconnectedAt"] = new(WorkloadEntry),
        ["istio.io/dry-run"] = new(["AuthorizationPolicy"]),
        ["istio.io/reroute-virtual-interfaces"] = new(Pod),
        ["istio.io/rev"] = new(["Any"]),
        ["istio.io/use-waypoint-canary-weight"] = new(["Service", "ServiceEntry", "Namespace"]),
        ["istio.io/workloadController"] = new(WorkloadEntry),
        [IstioNames.IngressClass] = new(["Ingress"]),
        ["networking.istio.io/exportTo"] = new(Service),
        ["networking.istio.io/service-type"] = new(Gateway),
        ["networking.istio.io/traffic-distribution"] = new(["Namespace", "Service", "ServiceEntry"]),
        ["prometheus.istio.io/merge-metrics"] = new(Pod),
        ["proxy.istio.io/config"] = new(Pod),
        ["proxy.istio.io/overrides"] = new(Pod),
        ["readiness.status.sidecar.istio.io/applicationPorts"] = new(Pod),
        ["readiness.status.sidecar.istio.io/failureThreshold"] = new(Pod),
        ["readiness.status.sidecar.istio.io/initialDelaySeconds"] = new(Pod),
        ["readiness.status.sidecar.istio.io/periodSeconds"] = new(Pod),
        ["sidecar.istio.io/agentLogLevel"] = new(Pod),
        ["sidecar.istio.io/bootstrapOverride"] = new(Pod),
        ["sidecar.istio.io/componentLogLevel"] = new(Pod),
        ["sidecar.istio.io/discoveryAddress"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/extraStatTags"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/inject"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/interceptionMode"] = new(Pod),
        ["sidecar.istio.io/logLevel"] = new(Pod),
        ["sidecar.istio.io/nativeSidecar"] = new(Pod),
        ["sidecar.istio.io/proxyCPU"] = new(Pod),
        ["sidecar.istio.io/proxyCPULimit"] = new(Pod),
        ["sidecar.istio.io/proxyImage"] = new(Pod),
        ["sidecar.istio.io/proxyImageType"] = new(Pod),
        ["sidecar.istio.io/proxyMemory"] = new(Pod),
        ["sidecar.istio.io/proxyMemoryLimit"] = new(Pod),
        ["sidecar.istio.io/rewriteAppHTTPProbers"] = new(Pod),
        ["sidecar.istio.io/statsCompression"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/statsEvictionInterval"] = new(Pod),
        ["sidecar.istio.io/statsFlushInterval"] = new(Pod),
        ["sidecar.istio.io/statsHistogramBins"] = new(Pod),
        ["sidecar.istio.io/statsHistogramBuckets"] = new(Pod),
        ["sidecar.istio.io/statsInclusionPrefixes"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/statsInclusionRegexps"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/statsInclusionSuffixes"] = new(Pod, IsDeprecated: true),
        ["sidecar.istio.io/status"] = new(["Any"]),
        ["sidecar.istio.io/userVolume"] = new(Pod),
        ["sidecar.istio.io/userVolumeMount"] = new(Pod),
        ["status.sidecar.istio.io/port"] = new(Pod),
        ["topology.istio.io/controlPlaneClusters"] = new(["Namespace"]),
        ["traffic.istio.io/nodeSelector"] = new(Service),
        ["traffic.sidecar.istio.io/excludeInboundPorts"] = new(Pod),
        ["traffic.sidecar.istio.io/excludeInterfaces"] = new(Pod),
        ["traffic.sidecar.istio.io/excludeOutboundIPRanges"] = new(Pod),
        ["traffic.sidecar.istio.io/excludeOutboundPorts"] = new(Pod),
        ["traffic.sidecar.istio.io/includeInboundPorts"] = new(Pod),
        ["traffic.sidecar.istio.io/includeOutboundIPRanges"] = new(Pod),
        ["traffic.sidecar.istio.io/includeOutboundPorts"] = new(Pod),
        ["traffic.sidecar.istio.io/kubevirtInterfaces"] = new(Pod, IsDeprecated: true),
    };

    /// <summary>The annotation; null where Istio has none of that name.</summary>
    internal static IstioAnnotation? Find(string name) => All.GetValueOrDefault(name);

    internal bool CountsOn(string kind) => Kinds is ["Any"] || Kinds.Contains(kind);

    /// <summary>What the value should be; null where it is in order or not checked.</summary>
    internal static string? Expected(string name, string value) => name[(name.IndexOf('/') + 1)..] switch
    {
        "initialDelaySeconds" or "periodSeconds" or "failureThreshold" when !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => "a whole number",
        "port" when name.StartsWith("status.", StringComparison.Ordinal) && !IsPort(value) => "a port",
        "interceptionMode" when value is not ("REDIRECT" or "TPROXY" or "NONE") => "REDIRECT, TPROXY or NONE",
        "merge-metrics" when value is not ("1" or "t" or "T" or "TRUE" or "true" or "True" or "0" or "f" or "F" or "FALSE" or "false" or "False") => "true or false",
        "includeInboundPorts" when value != "*" && !ArePorts(value) => "* or ports with commas between them",
        "excludeInboundPorts" or "excludeOutboundPorts" when !ArePorts(value) => "ports with commas between them",
        "includeOutboundIPRanges" when value != "*" && !AreRanges(value) => "* or IP ranges (CIDR) with commas between them",
        "excludeOutboundIPRanges" when !AreRanges(value) => "IP ranges (CIDR) with commas between them",
        "excludeInterfaces" or "kubevirtInterfaces" or "reroute-virtual-interfaces" when !AreInterfaces(value) => "names of network interfaces with commas between them",
        "config" when value == ProxySettings.Unreadable => "a proxy config in YAML",
        "proxyCPU" or "proxyMemory" or "proxyCPULimit" or "proxyMemoryLimit" when !Quantity().IsMatch(value) => "a quantity such as 100m or 128Mi",
        _ => null,
    };

    private static bool ArePorts(string value) => value.Trim().Length == 0 || value.Split(',').All(port => IsPort(port.Trim()));

    private static bool IsPort(string value) => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool AreInterfaces(string value) => value.Length == 0 || value.Split(',').All(name => Interface().IsMatch(name.Trim()));

    private static bool AreRanges(string value) => value.Length == 0 || value.Split(',').All(IsRange);

    // Istio reads them with Go's netip.ParsePrefix, which takes no short or octal numbers, no brackets, no zone and no zeros in front.
    private static bool IsRange(string range) =>
        range.Split('/') is [var address, var bits]
        && IPAddress.TryParse(address, out var parsed)
        && byte.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length.ToString(CultureInfo.InvariantCulture) == bits
        && (parsed.AddressFamily == AddressFamily.InterNetwork
            ? length <= 32 && parsed.ToString() == address
            : length <= 128 && address.IndexOfAny(['[', '%']) < 0);

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_.-]{0,14}\\z")]
    private static partial Regex Interface();

    // Every quantity of Kubernetes (resource.ParseQuantity), not only those that definitions use.
    [GeneratedRegex("^[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?\\z")]
    private static partial Regex Quantity();
}
