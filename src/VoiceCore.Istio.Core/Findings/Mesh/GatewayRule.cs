using System.Globalization;
using System.Text.Json;
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
        foreach (var gateway in gateways)
        {
            var pods = mesh.Workloads.Where(pod => pod.Labels.Matches(gateway.Selector)).ToArray();
            var findings = pods.Length == 0
                ? [WithoutPods(mesh, gateway)]
                : Ports(mesh, gateway, pods).Concat(Conflicts(gateway, gateways, pods));
            foreach (var finding in findings.Concat(SharedCertificates(gateway, gateways)))
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
            foreach (var service in mesh.Snapshot.Services.Where(service => service.Namespace == owner && service.Selector.Count > 0 && labels.Matches(service.Selector)))
            {
                foreach (var port in service.Ports.Where(port => port.Protocol == "TCP"))
                {
                    ports.Add(port.Port);
                    if (int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var target))
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

    private static IEnumerable<Finding> Conflicts(Served gateway, Served[] all, PodRecord[] pods)
    {
        foreach (var other in all.Where(other => other.Item != gateway.Item && SharePods(gateway.Selector, other.Selector, pods)))
        {
            foreach (var server in gateway.Servers)
            {
                var shared = other.Servers
                    .Where(known => known.Port == server.Port && known.Bind == server.Bind)
                    .SelectMany(known => known.Hosts.Intersect(server.Hosts))
                    .Distinct()
                    .ToArray();
                if (shared.Length > 0)
                    yield return RouteFindings.GatewaysConflict.At(gateway.Item.ToString(), other.Item.Key, string.Join(", ", shared), server.Port);
            }
        }
    }

    private static bool SharePods(LabelSet one, LabelSet other, PodRecord[] podsOfOne) =>
        one.Equals(other) || ((one.Matches(other) || other.Matches(one)) && Array.Exists(podsOfOne, pod => pod.Labels.Matches(other)));

    private static IEnumerable<Finding> SharedCertificates(Served gateway, Served[] all)
    {
        foreach (var other in all.Where(other => other.Item != gateway.Item && other.Selector.Matches(gateway.Selector)))
        {
            if (gateway.Servers.Any(server => other.Servers.Any(server.HasCertificateOf)))
                yield return RouteFindings.CertificateShared.At(gateway.Item.ToString(), other.Item.Key);
        }
    }

    private sealed record Served(GatewayRecord Item, LabelSet Selector, Server[] Servers);

    // Paths of certificate and key, not what they hold.
    private sealed record Server(int Port, string Bind, string[] Hosts, string Credential, string CertificatePath, string KeyPath)
    {
        internal static Server Read(JsonElement server)
        {
            var tls = server.Field("tls");
            return new Server(
                server.Field("port")?.Number("number") ?? 0,
                server.Text("bind", ""),
                server.Items("hosts").Select(host => host.ToString()).ToArray(),
                tls?.Text("credentialName") ?? "",
                tls?.Text("serverCertificate") ?? "",
                tls?.Text("privateKey") ?? "");
        }

        internal bool HasCertificateOf(Server other) => Credential.Length > 0 || other.Credential.Length > 0
            ? Credential == other.Credential
            : CertificatePath.Length > 0 && KeyPath.Length > 0 && CertificatePath == other.CertificatePath && KeyPath == other.KeyPath;
    }
}
