using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Callers and servers that do not agree about TLS, and TLS that checks nobody.
/// The last is pkg/config/analysis/analyzers/destinationrule/ca-certificates.go.
/// </summary>
internal sealed class TlsRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.DestinationRules.SelectMany(rule => Contradictions(mesh, rule).Concat(Unverified(rule))).Concat(PlainCallers(mesh));

    private static IEnumerable<Finding> Contradictions(MeshIndex mesh, DestinationRule rule)
    {
        if (rule.Policy?.Tls is not { } tls || mesh.Service(rule.Host, rule.Namespace) is not { } service)
            yield break;
        var inbound = mesh.PodsOf(service).Where(pod => pod.HasSidecar)
            .SelectMany(pod => service.Ports.Select(port => mesh.Inbound.Resolve(pod.Namespace, pod.Labels, TargetPort(port)))).ToArray();
        if (tls.Mode != ClientTlsMode.IstioMutual && Array.Find(inbound, verdict => verdict.Mode == MutualTlsMode.Strict) is { } strict)
            yield return MeshFindings.StrictBreaksCaller.At(rule.ToString(), service.Key, tls.Mode == ClientTlsMode.Disable ? "plain text" : "TLS of their own", Policy(strict.Policy));
        if (tls.Mode == ClientTlsMode.IstioMutual && Array.Find(inbound, verdict => verdict.Mode == MutualTlsMode.Disable) is { } disabled)
            yield return MeshFindings.MutualBeforeDisable.At(rule.ToString(), service.Key, Policy(disabled.Policy));
    }

    private static int TargetPort(ServicePortRecord port) => int.TryParse(port.TargetPort, out var number) ? number : port.Port;

    private static string Policy(PeerAuthentication? policy) => policy?.ToString() ?? "the mesh's default";

    private static IEnumerable<Finding> PlainCallers(MeshIndex mesh)
    {
        foreach (var @namespace in mesh.Snapshot.Namespaces)
        {
            var pods = mesh.PodsByNamespace[@namespace.Name].ToArray();
            var plain = pods.Where(pod => !pod.HasSidecar && !pod.HostNetwork).Select(pod => pod.Name).ToArray();
            if (plain.Length == 0 || plain.Length == pods.Length)
                continue;
            if (mesh.Inbound.OfNamespace(@namespace.Name) is { Mode: MutualTlsMode.Strict } strict)
            {
                var names = string.Join(", ", plain.Take(3)) + (plain.Length > 3 ? ", ..." : "");
                yield return MeshFindings.PlainCaller.At($"Namespace {@namespace.Name}", plain.Length, names, Policy(strict.Policy));
            }
        }
    }

    private static IEnumerable<Finding> Unverified(DestinationRule rule)
    {
        using var document = JsonDocument.Parse(rule.Spec);
        if (document.RootElement.Field("trafficPolicy") is not { } policy)
            yield break;
        if (Mode(rule, policy) is { } mode)
            yield return MeshFindings.ServerNotVerified.At(rule.ToString(), mode, "");
        foreach (var port in policy.Items("portLevelSettings"))
        {
            if (Mode(rule, port) is { } portMode)
                yield return MeshFindings.ServerNotVerified.At(rule.ToString(), portMode, $" at port {port.Field("port")?.Number("number")}");
        }
    }

    private static string? Mode(DestinationRule rule, JsonElement policy)
    {
        if (policy.Field("tls") is not { } tls || tls.Text("mode") is not ("SIMPLE" or "MUTUAL") || tls.Text("caCertificates") is { Length: > 0 })
            return null;
        return tls.Text("credentialName") is { Length: > 0 } && rule.WorkloadSelector is not null ? null : tls.Text("mode");
    }
}
