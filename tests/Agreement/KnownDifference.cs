using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>Where Core is meant to answer otherwise than an analyzer or checker does, and why.</summary>
/// <param name="Scope">The analyzer or checker.</param>
/// <param name="Code">Its code.</param>
/// <param name="IsTheirs">True where only they report, false where only Core does.</param>
/// <param name="Condition">What must hold of the case and of Core's findings for the object.</param>
/// <param name="Text">The reason, with its source.</param>
internal sealed record KnownDifference(string Scope, string Code, bool IsTheirs, Func<MeshSnapshot, IEnumerable<Finding>, bool> Condition, string Text)
{
    private static readonly KnownDifference[] All =
    [
        new(
            "virtualservice.GatewayAnalyzer", "IST0132", IsTheirs: true,
            (_, findings) => findings.Any(finding => finding.Code == MeshFindings.GatewayUnknown.Code),
            "the gateway does not exist, which is said once (VCM0214); the analyzer goes on to compare hosts with nothing (virtualservice/gateways.go)"),
        new(
            "destinationrule.PodNotSelectedAnalyzer", "IST0174", IsTheirs: true,
            (snapshot, findings) => !findings.Any() && snapshot.DestinationRules.Any(rule => rule.Host.StartsWith('*')),
            "a pattern of hosts such as *.local is for services that may come; the analyzer takes it for one name (analyzers/util/service_lookup.go)"),
        new(
            "destinationrule.PodNotSelectedAnalyzer", "IST0173", IsTheirs: false,
            (snapshot, _) => snapshot.DestinationRules.SelectMany(rule => rule.Subsets).Any(subset => snapshot.Pods.Any(pod => pod.Labels.Matches(subset.Labels))),
            "a subset is made of the pods of its service; the analyzer is content with a pod of any service (destinationrule/subset.go)"),
        new(
            "virtualservice.DestinationHostAnalyzer", "IST0140", IsTheirs: true,
            (snapshot, _) => snapshot.VirtualServices.Any(service => service.Gateways.Count > 0 && service.Http.SelectMany(route => route.Destinations).Any(target => target.Subset.Length > 0)),
            "a VirtualService that is bound to the same gateway, or is the same one, counts there too; the analyzer does not look at gateways (virtualservice/destinationhosts.go)"),
        new(
            "destinationrule.PodNotSelectedAnalyzer", "IST0173", IsTheirs: true,
            (snapshot, _) => snapshot.DestinationRules.Any(rule => rule.Subsets.Count > 0 && HasEndpointsWithoutPods(snapshot, rule)),
            "endpoints of a ServiceEntry and WorkloadEntries have labels as pods do, with resolution NONE labels do not matter, and who serves a Service without selector its labels do not tell; the analyzer looks for pods alone (destinationrule/subset.go)"),
        new(
            "virtualservice.DestinationRuleAnalyzer", "IST0101", IsTheirs: true,
            (snapshot, _) => snapshot.DestinationRules.Any(rule => rule.Host.StartsWith('*') && rule.Subsets.Count > 0),
            "a rule for a pattern of hosts gives its subsets to every host that it is for (MostSpecificHostMatch in pilot/pkg/model/config.go); the analyzer wants equal names (virtualservice/destinationrules.go)"),
        new(
            "injection.Analyzer", "IST0102", IsTheirs: true,
            (snapshot, _) => snapshot.Namespaces.Any(item =>
                string.IsNullOrEmpty(item.Labels[IstioNames.Injection]) && item.Labels[IstioNames.Revision] is null
                && snapshot.Pods.Any(pod => pod.Namespace == item.Name && pod.Labels[IstioNames.Inject] == "true")),
            "pods that ask for their proxies themselves, as gateways do, need no label of the namespace (setup/additional-setup/gateway)"),
        new(
            "authz.AuthorizationPoliciesAnalyzer", "IST0127", IsTheirs: true,
            (snapshot, _) => HasRevisionAlone(snapshot),
            "the label istio.io/rev alone puts the pods of a namespace into the mesh; the analyzer knows istio-injection only (analyzers/util/in_mesh.go)"),
        .. new[] { "IST0116", "IST0137" }.Select(code => new KnownDifference(
            "deployment.ServiceAssociationAnalyzer", code, IsTheirs: false,
            (snapshot, _) => HasRevisionAlone(snapshot),
            "the label istio.io/rev alone puts the pods of a namespace into the mesh; the analyzer knows istio-injection only (analyzers/util/in_mesh.go)")),
        new(
            "webhook.Analyzer", "IST0139", IsTheirs: false,
            (_, findings) => findings.Any(finding => finding.Code == MeshFindings.DanglingWebhook.Code && finding.Subject!.StartsWith("ValidatingWebhookConfiguration ", StringComparison.Ordinal)),
            "a validating webhook that nobody answers refuses every change of Istio's objects; the analyzer reads mutating ones only (webhook/webhook.go)"),
        new(
            "externalcontrolplane.ExternalControlPlaneAnalyzer", "IST0163", IsTheirs: false,
            (snapshot, _) => snapshot.Webhooks.SelectMany(configuration => configuration.Webhooks).Any(webhook => webhook.Url?.StartsWith("https://", StringComparison.Ordinal) == false),
            "Kubernetes calls https addresses only; the analyzer takes any scheme (externalcontrolplane/externalcontrolplane.go)"),
        new(
            "gateway.ConflictingGatewayAnalyzer", "IST0145", IsTheirs: false,
            (snapshot, _) => snapshot.Gateways.Any(one => snapshot.Gateways.Any(other => ShareAPodUnseen(snapshot, one.Selector ?? LabelSet.Empty, other.Selector ?? LabelSet.Empty))),
            "Gateways are merged where some pod has the labels of both selectors (pilot/pkg/model/gateway.go); the analyzer looks for one only where the text of one selector is within that of the other (gateway/conflictinggateway.go)"),
        new(
            "gateway.IngressGatewayPortAnalyzer", "IST0162", IsTheirs: true,
            (snapshot, _) => snapshot.Gateways.Any(gateway => snapshot.Pods.Any(pod => pod.Labels.Matches(gateway.Selector ?? LabelSet.Empty) && snapshot.Services.Any(service =>
                service.Namespace == pod.Namespace && service.Selector.Count > 0 && pod.Labels.Matches(service.Selector) && service.Ports.Any(port => port.Protocol == "TCP")))),
            "a port without protocol is TCP, as Kubernetes writes it; the analyzer reads files as they are and passes such a port over (gateway/gateway.go)"),
        new(
            "gateway.IngressGatewayPortAnalyzer", "IST0162", IsTheirs: false,
            (snapshot, _) => snapshot.Services.Any(service => service.Selector.Count == 0),
            "a Service without selector selects no pods; the analyzer takes it for one of every pod (gateway/gateway.go)"),
        .. new[] { "IST0107", "IST0108", "IST0125", "IST0135" }.Select(code => new KnownDifference(
            "annotations.K8sAnalyzer", code, IsTheirs: true,
            (snapshot, _) => snapshot.Pods.Where(pod => pod.Owner is not null).GroupBy(pod => (pod.Namespace, pod.Owner)).Any(pods => pods.Count() > 1),
            "the pods of one owner have the same annotations, so one of them speaks for all; the analyzer names each (annotations/annotations.go)")),
        new(
            "authorization.MtlsEnabledChecker", "KIA0105", IsTheirs: true,
            (snapshot, _) => snapshot.PeerAuthentications.Count == 0 && snapshot.DestinationRules.Any(rule => rule.Policy?.Tls?.Mode == ClientTlsMode.IstioMutual),
            "without a PeerAuthentication servers take mutual TLS too (PERMISSIVE is Istio's default), and the DestinationRule makes callers send it, so they have an identity (reference/config/security/peer_authentication)"),
        new(
            "authorization.NamespaceMethodChecker", "KIA0102", IsTheirs: false,
            (snapshot, _) => snapshot.AuthorizationPolicies.SelectMany(policy => policy.Rules).SelectMany(rule => rule.To).SelectMany(operation => operation.Methods.Values).Any(method => method.Trim() != method),
            "a method is compared as it is written, blanks included (pilot/pkg/security/authz/matcher/string.go)"),
        new(
            "authorization.PrincipalsChecker", "KIA0106", IsTheirs: false,
            (snapshot, _) => snapshot.AuthorizationPolicies.SelectMany(policy => policy.Rules).SelectMany(rule => rule.From).SelectMany(source => source.Principals.Values).Any(principal => principal is ['*', .., '*']),
            "of two stars only the first is one: nobody's identity ends with a star (pilot/pkg/security/authz/matcher/string.go)"),
        new(
            "checkers.AmbientPolicyChecker", "KIA1117", IsTheirs: true,
            (snapshot, _) => snapshot.OtherIstioObjects.Any(item => item.Kind == "Telemetry"),
            "a Telemetry without selector is for the waypoints of its namespace as well (pilot/pkg/model/telemetry.go)"),
        new(
            "destinationrules.MultiMatchChecker", "KIA0201", IsTheirs: true,
            (snapshot, _) => snapshot.DestinationRules.Count > 1,
            "rules of several namespaces, and of a host and a pattern for it, are not merged: a client uses one of them; and merging rules of which none hides anything of the other harms nobody (pilot/pkg/model/destination_rule.go)"),
        new(
            "destinationrules.NoDestinationChecker", "KIA0202", IsTheirs: false,
            (snapshot, _) => snapshot.DestinationRules.Any(rule => rule.Host.Split('.').Length == 2 || snapshot.Pods.Any(pod => pod.Labels["app"] == rule.Host)),
            "name.namespace is the host of no service (only names without a dot are completed, pkg/config/model of Istio), and without a Service pods have none"),
        new(
            "gateways.MultiMatchChecker", "KIA0301", IsTheirs: true,
            (snapshot, _) => snapshot.Gateways.Count == 1 || snapshot.Gateways.SelectMany(gateway => gateway.Servers).SelectMany(server => server.Hosts).Any(host => host.Contains('*')),
            "of a host and a pattern that covers it the more specific counts, and the hosts of one Gateway are in nobody's way (as gateway/conflictinggateway.go of Istio has it)"),
        new(
            "services.PortMappingChecker", "KIA0601", IsTheirs: false,
            (_, _) => true,
            "callers with sidecars look at the ports of every service, whether its own pods have one and whoever made it (service/portname.go of Istio)"),
        new(
            "services.PortMappingChecker", "KIA0602", IsTheirs: true,
            (snapshot, _) => snapshot.Services.SelectMany(service => service.Ports).Any(port => port.AppProtocol?.Contains('-') == true),
            "what stands before the first dash counts in appProtocol as well (pkg/config/kube/conversion.go)"),
        new(
            "services.PortMappingChecker", "KIA0701", IsTheirs: true,
            (snapshot, _) => snapshot.Services.SelectMany(service => service.Ports).Any(port => port.TargetPort.All(char.IsAsciiDigit)),
            "a number is reached whether a container names it or not"),
        new(
            "sidecars.EgressHostChecker", "KIA1004", IsTheirs: true,
            (snapshot, _) => snapshot.Sidecars.SelectMany(sidecar => sidecar.Egress).SelectMany(egress => egress.Hosts).Any(host => host.Contains("/*.", StringComparison.Ordinal)),
            "a pattern lets through every host that it is for (reference/config/networking/sidecar)"),
        new(
            "virtualservices.NoHostChecker", "KIA1101", IsTheirs: false,
            (snapshot, _) => snapshot.VirtualServices.SelectMany(service => service.Http).SelectMany(route => route.Destinations).Any(target => target.Host.Split('.').Length == 2),
            "name.namespace is the host of no service: only names without a dot are completed"),
        new(
            "virtualservices.SingleHostChecker", "KIA1106", IsTheirs: true,
            (snapshot, _) => snapshot.VirtualServices.Any(service => service.Gateways.Any(name => name != IstioNames.MeshGateway) || service.Hosts.Any(host => host.StartsWith('*') || host.Split('.').Length == 2)),
            "gateways merge VirtualServices of one host, and of a host and a pattern for it the more specific counts (ops/best-practices/traffic-management#split-virtual-services)"),
    ];

    internal static string? Reason(string scope, string code, string subject, bool isTheirs, MeshSnapshot snapshot, IReadOnlyList<Finding> findings) =>
        Array.Find(All, item => item.Scope == scope && item.Code == code && item.IsTheirs == isTheirs && item.Condition(snapshot, findings.Where(finding => finding.Subject == subject)))?.Text;

    private static bool HasRevisionAlone(MeshSnapshot snapshot) =>
        snapshot.Namespaces.Any(item => item.Labels[IstioNames.Injection] is null && item.Labels[IstioNames.Revision] is not null);

    private static bool HasEndpointsWithoutPods(MeshSnapshot snapshot, DestinationRule rule) =>
        snapshot.ServiceEntries.Any(entry => entry.Hosts.Contains(rule.Host) && (entry.Endpoints.Count > 0 || entry.WorkloadSelector is not null || entry.Resolution == "NONE"))
        || snapshot.Services.Any(service => service.Selector.Count == 0 && rule.Host.Split('.')[0] == service.Name);

    private static bool ShareAPodUnseen(MeshSnapshot snapshot, LabelSet one, LabelSet other) =>
        !one.ToString().Contains(other.ToString(), StringComparison.Ordinal)
        && !other.ToString().Contains(one.ToString(), StringComparison.Ordinal)
        && snapshot.Pods.Any(pod => pod.Labels.Matches(one) && pod.Labels.Matches(other));
}
