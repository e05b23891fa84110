using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Gateways that no pod serves, whose ports no Service leads to, or that get in each other's way.
/// Sources: Istio's analyzers gateway.go, conflictinggateway.go and certificate.go (pkg/config/analysis/analyzers/gateway).
/// </summary>
internal sealed class GatewayRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var gateways = mesh.Snapshot.Gateways.Select(gateway => new Served(
            gateway,
            gateway.Selector ?? LabelSet.Empty,
            ObjectSpec.Read(gateway, spec => spec.Items("servers").Select(Server.Read).ToArray()))).ToArray();
        var byPlace = gateways
            .SelectMany(gateway => gateway.Servers.SelectMany(server => server.Hosts.Select(host => (Place: (server.Port, server.Bind, host), Gateway: gateway))))
            .Distinct()
            .ToLookup(pair => pair.Place, pair => pair.Gateway);
        var byCertificate = gateways
            .SelectMany(gateway => gateway.Servers.Select(server => (server.Certificate, Gateway: gateway)))
            .Where(pair => pair.Certificate.Length > 0)
            .Distinct()
            .ToLookup(pair => pair.Certificate, pair => pair.Gateway, StringComparer.Ordinal);
        foreach (var gateway in gateways)
        {
            var pods = mesh.WorkloadsWith(null, gateway.Selector).ToArray();
            var findings = pods.Length == 0 ? [WithoutPods(mesh, gateway)] : Ports(mesh, gateway, pods);
            foreach (var finding in findings.Concat(Conflicts(gateway, byPlace, pods)).Concat(SharedCertificates(gateway, byCertificate)))
                yield return finding;
        }
    }

    // Pods of gateways are where the control plane or the Gateway is; files of applications do not have them.
    private static Finding WithoutPods(MeshIndex mesh, Served gateway) => MeshIndex.Unless(
        mesh.Snapshot.IsComplete || mesh.WorkloadsByNamespace.Contains(mesh.Snapshot.Mesh.RootNamespace),
        "gateway",
        MeshFindings.GatewayWithoutPods.At(gateway.Item.ToString(), gateway.Selector));

    private static IEnumerable<Finding> Ports(MeshIndex mesh, Served gateway, PodRecord[] pods)
    {
        var ports = new HashSet<int>();
        foreach (var (owner, labels) in pods.Select(pod => (pod.Namespace, pod.Labels)).Distinct())
        {
            foreach (var service in mesh.Services.Selecting(owner, labels))
            {
                foreach (var port in service.Ports.Where(port => port.Protocol == "TCP"))
                {
                    ports.Add(port.Port);
                    if (port.TargetNumber is { } target)
                        ports.Add(target);
                }
            }
        }

        return gateway.Servers
            .Select(server => server.Port)
            .Distinct()
            .Where(port => port > 0 && !ports.Contains(port))
            .Select(port => MeshIndex.Unless(
                mesh.Snapshot.IsComplete || ports.Count > 0,
                "Service of the gateway's pods",
                RouteFindings.GatewayPortUnserved.At(gateway.Item.ToString(), port, gateway.Selector)));
    }

    // Istio merges the Gateways of a pod: whichever selectors they have, what counts is that some pod has both (mergeGateways in pilot/pkg/model/gateway.go).
    private static IEnumerable<Finding> Conflicts(Served gateway, ILookup<(int Port, string Bind, string Host), Served> byPlace, PodRecord[] pods) =>
        from server in gateway.Servers
        from host in server.Hosts.Distinct()
        from other in byPlace[(server.Port, server.Bind, host)]
        where other.Item != gateway.Item && SharePods(gateway.Selector, other.Selector, pods)
        group host by (other.Item.Key, server.Port) into shared
        select RouteFindings.GatewaysConflict.At(gateway.Item.ToString(), shared.Key.Key, string.Join(", ", shared.Distinct()), shared.Key.Port);

    private static bool SharePods(LabelSet one, LabelSet other, PodRecord[] podsOfOne) =>
        one.Equals(other) || Array.Exists(podsOfOne, pod => pod.Labels.Matches(other));

    private static IEnumerable<Finding> SharedCertificates(Served gateway, ILookup<string, Served> byCertificate) => gateway.Servers
        .Select(server => server.Certificate)
        .Where(certificate => certificate.Length > 0)
        .Distinct()
        .SelectMany(certificate => byCertificate[certificate])
        .Distinct()
        .Where(other => other.Item != gateway.Item && other.Selector.Matches(gateway.Selector))
        .Select(other => RouteFindings.CertificateShared.At(gateway.Item.ToString(), other.Item.Key));

    private sealed record Served(GatewayRecord Item, LabelSet Selector, Server[] Servers);

    /// <summary>A server of a Gateway.</summary>
    /// <param name="Port">The port.</param>
    /// <param name="Bind">The address that it listens at; empty for all.</param>
    /// <param name="Hosts">The hosts as written.</param>
    /// <param name="Certificate">The name of its credential, or the paths of certificate and key, not what they hold; empty without any.</param>
    private sealed record Server(int Port, string Bind, string[] Hosts, string Certificate)
    {
        internal static Server Read(JsonTree server)
        {
            var tls = server.Field("tls");
            var (certificate, key) = (tls?.Text("serverCertificate") ?? "", tls?.Text("privateKey") ?? "");
            return new Server(
                server.Field("port")?.Number("number") ?? 0,
                server.Text("bind", ""),
                // Names of hosts are the same in capitals.
                server.Items("hosts").Select(host => host.ToString().ToLowerInvariant()).ToArray(),
                tls?.Text("credentialName") is { Length: > 0 } credential ? credential : certificate.Length > 0 && key.Length > 0 ? $"{certificate} {key}" : "");
        }
    }
}
