using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Callers and servers that do not agree about TLS, and TLS that checks nobody.
/// The last is pkg/config/analysis/analyzers/destinationrule/ca-certificates.go; whole namespaces and the mesh are Kiali's checkers of disabled
/// mTLS (business/checkers/destinationrules, business/checkers/peerauthentications).
/// </summary>
internal sealed class TlsRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.DestinationRules.SelectMany(rule => Contradictions(mesh, rule).Concat(Unverified(rule)))
            .Concat(mesh.Snapshot.PeerAuthentications.SelectMany(policy => Disabled(mesh, policy)))
            .Concat(mesh.Snapshot.Mesh.EnableAutoMtls ? [] : Unsent(mesh))
            .Concat(PlainCallers(mesh));

    private static IEnumerable<Finding> Contradictions(MeshIndex mesh, DestinationRule rule)
    {
        if (rule.Policy?.Tls is not { } tls)
            yield break;
        if (mesh.Service(rule.Host, rule.Namespace) is not { } service)
        {
            if (tls.Mode == ClientTlsMode.Disable && Scope(mesh, rule.Host) is { } scope && mesh.Inbound.OfNamespace(scope) is { Mode: MutualTlsMode.Strict } wide)
                yield return TlsFindings.StrictBreaksCaller.At(rule.ToString(), rule.Host, "plain text", Policy(wide.Policy));
            yield break;
        }

        // What a gateway takes its Gateways say.
        var inbound = mesh.PodsOf(service).Where(pod => pod is { HasSidecar: true, IsGateway: false })
            .SelectMany(pod => service.Ports.Select(port => mesh.Inbound.Resolve(pod.Namespace, pod.Labels, TargetPort(port, pod)))).ToArray();
        if (tls.Mode != ClientTlsMode.IstioMutual && Array.Find(inbound, verdict => verdict.Mode == MutualTlsMode.Strict) is { } strict)
            yield return TlsFindings.StrictBreaksCaller.At(rule.ToString(), service.Key, tls.Mode == ClientTlsMode.Disable ? "plain text" : "TLS of their own", Policy(strict.Policy));
        if (tls.Mode == ClientTlsMode.IstioMutual && Array.Find(inbound, verdict => verdict.Mode == MutualTlsMode.Disable) is { } disabled)
            yield return TlsFindings.MutualBeforeDisable.At(rule.ToString(), service.Key, Policy(disabled.Policy));
    }

    // The namespace that a pattern of hosts is for; empty for the whole mesh, null for anything else.
    private static string? Scope(MeshIndex mesh, string host)
    {
        if (host is "*" or "*.local" || host == $"*.svc.{mesh.Snapshot.ClusterDomain}")
            return "";
        var suffix = $".svc.{mesh.Snapshot.ClusterDomain}";
        return host.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(suffix, StringComparison.Ordinal) && host[2..^suffix.Length] is var name && !name.Contains('.')
            ? name
            : null;
    }

    // A caller looks into its own namespace first, then into the service's, then into the root namespace.
    private static bool Hides(MeshIndex mesh, DestinationRule rule, DestinationRule other, string owner) =>
        other.Namespace == mesh.Snapshot.Mesh.RootNamespace || other.Namespace == owner || other.Namespace == rule.Namespace;

    // The namespace of a service's host, or of the services that a pattern is for; null for another host.
    private static string? Owner(MeshIndex mesh, string host)
    {
        var suffix = $".svc.{mesh.Snapshot.ClusterDomain}";
        return host.EndsWith(suffix, StringComparison.Ordinal) && host[..^suffix.Length].Split('.') is [_, var owner] ? owner : null;
    }

    private static IEnumerable<Finding> Disabled(MeshIndex mesh, PeerAuthentication policy)
    {
        if (policy.HasSelector || policy.Mode != MutualTlsMode.Disable)
            yield break;
        if (policy.Namespace == mesh.Snapshot.Mesh.RootNamespace)
        {
            foreach (var rule in mesh.Snapshot.DestinationRules.Where(rule => Scope(mesh, rule.Host) == "" && SendsMutual(rule.Policy)))
                yield return TlsFindings.DisableBeforeMutual.At(policy.ToString(), rule.ToString(), rule.Host);
            yield break;
        }

        // Any host of the namespace: only a rule for a pattern can be for it.
        var effective = mesh.Rules.Resolve(policy.Namespace, LabelSet.Empty, $"any.{policy.Namespace}.svc.{mesh.Snapshot.ClusterDomain}", policy.Namespace);
        if (effective is not null && SendsMutual(effective.Policy))
            yield return TlsFindings.DisableBeforeMutual.At(policy.ToString(), effective.First.ToString(), effective.First.Host);
    }

    // Without automatic mTLS callers send what their rule says, and plain text where none does.
    private static IEnumerable<Finding> Unsent(MeshIndex mesh)
    {
        var wide = mesh.Snapshot.DestinationRules.Where(rule => SendsMutual(rule.Policy) && Scope(mesh, rule.Host) is not null).ToLookup(rule => Scope(mesh, rule.Host)!, StringComparer.Ordinal);
        foreach (var rule in mesh.Snapshot.DestinationRules.Where(rule => rule.Policy?.Tls is null && rule.Policy?.Ports.Any(port => port.Policy.Tls is not null) != true))
        {
            var host = mesh.FullHost(rule.Host, rule.Namespace);
            if (Owner(mesh, host) is { } owner && (host.StartsWith('*') ? [] : wide[owner]).Concat(wide[""]).FirstOrDefault(other => Hides(mesh, rule, other, owner)) is { } hidden)
                yield return TlsFindings.MutualOverridden.At(rule.ToString(), host, hidden.ToString());
        }

        foreach (var policy in mesh.Snapshot.PeerAuthentications.Where(policy => policy is { HasSelector: false, Mode: MutualTlsMode.Strict }))
        {
            var isMesh = policy.Namespace == mesh.Snapshot.Mesh.RootNamespace;
            if (wide[""].Any() || (!isMesh && wide[policy.Namespace].Any()))
                continue;
            var services = isMesh ? mesh.Snapshot.Services : mesh.Services.Of(policy.Namespace);
            var plain = services
                .Where(service => service.Selector.Count > 0
                    && !SendsMutual(mesh.Rules.Resolve(service.Namespace, LabelSet.Empty, HostName.Of(service, mesh.Snapshot.ClusterDomain), service.Namespace)?.Policy))
                .Select(service => service.Key)
                .ToArray();
            if (plain.Length > 0 || !services.Any())
                yield return TlsFindings.StrictWithoutMutual.At(policy.ToString(), plain.Length == 0 ? "its services" : MeshIndex.Shown(plain, 3));
        }
    }

    private static bool SendsMutual(TrafficPolicy? policy) => policy?.Tls?.Mode is ClientTlsMode.IstioMutual or ClientTlsMode.Mutual;

    // A name that the pod does not know leads to nothing of it: the service's own number then stands for the port.
    private static int TargetPort(ServicePortRecord port, PodRecord pod) =>
        port.TargetNumber ?? EntryWorkload.PortsOf(pod).GetValueOrDefault(port.TargetPort, port.Port);

    private static string Policy(PeerAuthentication? policy) => policy?.ToString() ?? "the mesh's default";

    private static IEnumerable<Finding> PlainCallers(MeshIndex mesh)
    {
        foreach (var @namespace in mesh.Snapshot.Namespaces)
        {
            var pods = mesh.PodsByNamespace[@namespace.Name].ToArray();
            // istiod calls no service.
            var plain = pods.Where(pod => !pod.HasSidecar && !pod.HostNetwork && pod.Labels["app"] != "istiod").Select(pod => pod.Name).ToArray();
            if (plain.Length == 0 || plain.Length == pods.Length)
                continue;
            if (mesh.Inbound.OfNamespace(@namespace.Name) is { Mode: MutualTlsMode.Strict } strict)
            {
                var names = MeshIndex.Shown(plain, 3);
                yield return TlsFindings.PlainCaller.At($"Namespace {@namespace.Name}", plain.Length, names, Policy(strict.Policy));
            }
        }
    }

    private static Finding[] Unverified(DestinationRule rule) => ObjectSpec.Read(rule, spec =>
    {
        var findings = new List<Finding>();
        if (spec.Field("trafficPolicy") is not { } policy)
            return findings.ToArray();
        if (Mode(rule, policy) is { } mode)
            findings.Add(TlsFindings.ServerNotVerified.At(rule.ToString(), mode));
        foreach (var port in policy.Items("portLevelSettings"))
        {
            if (Mode(rule, port) is { } portMode)
                findings.Add(TlsFindings.ServerNotVerifiedAtPort.At(rule.ToString(), portMode, port.Field("port")?.Number("number")));
        }

        return findings.ToArray();
    });

    private static string? Mode(DestinationRule rule, JsonTree policy)
    {
        if (policy.Field("tls") is not { } tls || tls.Text("mode") is not ("SIMPLE" or "MUTUAL") || tls.Text("caCertificates") is { Length: > 0 })
            return null;
        return tls.Text("credentialName") is { Length: > 0 } && rule.WorkloadSelector is not null ? null : tls.Text("mode");
    }
}
