using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Joins what clients send with what servers accept, service by service. Clients and endpoints that no rule tells apart are one case.</summary>
public sealed class MeshTlsResolver
{
    private readonly MeshResolution _mesh;
    private readonly IReadOnlyList<MeshClient> _clients;

    /// <summary>Prepares a snapshot.</summary>
    public MeshTlsResolver(MeshSnapshot snapshot)
    {
        _mesh = new MeshResolution(snapshot);
        _clients = MeshClient.Of(_mesh);
    }

    /// <summary>
    /// A verdict for each port of a service, or several where clients differ. Clients are those with a sidecar; with
    /// <paramref name="isClient"/>, those that it takes, with a sidecar or without.
    /// </summary>
    public IEnumerable<MeshTlsVerdict> Resolve(ServiceRecord record, Func<MeshClient, bool>? isClient = null)
    {
        var service = _mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!;
        var clients = _clients.Where(isClient ?? (client => client.HasSidecar)).ToArray();
        foreach (var port in service.Ports.Where(port => port.Protocol != PortProtocol.Udp))
        {
            var accepted = port.Endpoints.Select(Accepts).Distinct().ToArray();
            var cases = clients.Select(client => (Client: client, Case: Judge(client, service, port))).GroupBy(item => item.Case, item => item.Client.Name + (item.Client.HasSidecar ? "" : " (no sidecar)"));
            var any = false;
            foreach (var group in cases)
            {
                any = true;
                yield return Verdict(service, port, accepted, group.Distinct().ToArray(), group.Key);
            }

            // A mesh without clients: what the server accepts is worth knowing all the same.
            if (!any && isClient is null)
                yield return Verdict(service, port, accepted, [], Outside(service, accepted));
        }
    }

    private static MeshTlsVerdict Verdict(
        RegisteredService service, RegisteredPort port, IReadOnlyList<Accepted> accepted, IReadOnlyList<string> clients, Case judged)
    {
        var servers = accepted.Select(item => item.Server).Distinct().ToArray();
        return new MeshTlsVerdict(
            service.Namespace, service.Name, port.Number, port.Name,
            servers.Length == 1 ? servers[0] : servers.Length == 0 ? ServerTls.None : ServerTls.Mixed,
            accepted.Select(item => item.Policy).FirstOrDefault(policy => policy is not null),
            clients, judged.Sends, judged.Policy, judged.Status, Outside(service, accepted).Status, port.Endpoints.Length, judged.Reason, judged.Fix);
    }

    // What a call without a sidecar meets.
    private static Case Outside(RegisteredService service, IReadOnlyList<Accepted> accepted)
    {
        var status = Join(accepted.Select(item => Status(ClientSends.Plaintext, item.Server)));
        return new Case(ClientSends.Plaintext, null, status, MeshTlsText.NoSidecarClient, status == TlsStatus.Broken ? MeshTlsText.InjectClient(service.Namespace) : null);
    }

    private Accepted Accepts(RegisteredEndpoint endpoint)
    {
        if (endpoint.Pod is not { HasSidecar: true } pod)
            return new Accepted(ServerTls.None, null);
        var inbound = _mesh.PeerAuthentication.Resolve(pod.Namespace, pod.Labels, endpoint.Port);
        return new Accepted(
            inbound.Mode switch
            {
                MutualTlsMode.Strict => ServerTls.Strict,
                MutualTlsMode.Disable => ServerTls.Disable,
                _ => ServerTls.Permissive,
            },
            inbound.Policy?.Key);
    }

    private Case Judge(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        if (port.Endpoints.Length == 0)
            return new Case(ClientSends.Plaintext, null, TlsStatus.NoEndpoints, MeshTlsText.NoEndpoints, MeshTlsText.CheckPods($"{service.Namespace}/{service.Name}"));
        if (!client.HasSidecar)
            return Outside(service, port.Endpoints.Select(Accepts).Distinct().ToArray());
        var scope = _mesh.Scopes.Of(client.Namespace, client.Labels);
        if (!scope.Sees(service, port))
            return Unseen(client, scope, port);

        var rule = _mesh.DestinationRules.Resolve(client.Namespace, client.Labels, service.Host, service.Namespace);
        var cluster = new OutboundCluster(_mesh, service, port, rule, subset: null);
        var cases = port.Endpoints.Select(endpoint => (Sent: Sends(cluster, endpoint), Endpoint: Accepts(endpoint))).Distinct()
            .Select(item => (item.Sent.Sends, Status: Status(item.Sent.Sends, item.Endpoint.Server), item.Sent.Why, item.Endpoint)).ToArray();
        var sends = cases.Select(item => item.Sends).Distinct().ToArray();
        // Of several endpoints, the worst speaks.
        var worst = cases.MaxBy(item => item.Status switch { TlsStatus.Broken => 3, TlsStatus.Plaintext => 2, TlsStatus.AppTls => 1, _ => 0 });
        return new Case(
            sends.Length == 1 ? sends[0] : ClientSends.Mixed,
            worst.Why == TlsCause.Rule ? rule!.First.Key : null,
            Join(cases.Select(item => item.Status)),
            MeshTlsText.Reason(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy),
            MeshTlsText.Fix(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy, $"{service.Namespace}/{service.Name}"));
    }

    // What a proxy does not know, it passes on as it comes, or not at all.
    private Case Unseen(MeshClient client, ClientScope scope, RegisteredPort port)
    {
        var passes = scope.OutboundTrafficPolicy != "REGISTRY_ONLY";
        var status = passes ? Join(port.Endpoints.Select(endpoint => Status(ClientSends.Plaintext, Accepts(endpoint).Server))) : TlsStatus.Broken;
        return new Case(ClientSends.Plaintext, scope.Sidecar?.Key, status, MeshTlsText.Unseen(client.Name, passes), MeshTlsText.ShowService);
    }

    private (ClientSends Sends, TlsCause Why) Sends(OutboundCluster cluster, RegisteredEndpoint endpoint)
    {
        var isRule = cluster.Policy.Tls is not null;
        return cluster.Transport switch
        {
            ClientTransport.Simple or ClientTransport.Mutual => (ClientSends.OwnTls, TlsCause.Rule),
            ClientTransport.IstioMutual => (ClientSends.MutualTls, isRule ? TlsCause.Rule : TlsCause.Automatic),
            ClientTransport.Plaintext => (ClientSends.Plaintext, isRule ? TlsCause.Rule : WhyPlaintext(cluster)),
            _ when cluster.UsesMutualTls(endpoint) => (ClientSends.MutualTls, TlsCause.Automatic),
            _ => (ClientSends.Plaintext, WhyPlaintext(endpoint)),
        };
    }

    private TlsCause WhyPlaintext(OutboundCluster cluster) =>
        !_mesh.Snapshot.Mesh.EnableAutoMtls ? TlsCause.AutomaticMtlsOff
        : cluster.IsPassthrough && cluster.Endpoints.Any(endpoint => !endpoint.AcceptsMutualTls) ? TlsCause.HeadlessWithoutSidecar
        : TlsCause.NamespaceDisabled;

    // An endpoint of its own gets plaintext because of itself, or because a rule's tls, which its port's entry replaced, still counts for it.
    private TlsCause WhyPlaintext(RegisteredEndpoint endpoint) =>
        endpoint.Pod is not { AcceptsIstioMutualTls: true } ? TlsCause.ServerWithoutSidecar
        : Accepts(endpoint).Server == ServerTls.Disable ? TlsCause.ServerDisabled
        : TlsCause.Rule;

    private static TlsStatus Status(ClientSends sends, ServerTls server) => (sends, server) switch
    {
        (ClientSends.MutualTls, ServerTls.Strict or ServerTls.Permissive) => TlsStatus.Secured,
        (ClientSends.MutualTls, _) => TlsStatus.Broken,
        (_, ServerTls.Strict) => TlsStatus.Broken,
        (ClientSends.Plaintext, _) => TlsStatus.Plaintext,
        _ => TlsStatus.AppTls,
    };

    private static TlsStatus Join(IEnumerable<TlsStatus> statuses) => statuses.Distinct().ToArray() switch
    {
        [] => TlsStatus.NoEndpoints,
        [var one] => one,
        _ => TlsStatus.Mixed,
    };

    private sealed record Accepted(ServerTls Server, string? Policy);

    private sealed record Case(ClientSends Sends, string? Policy, TlsStatus Status, string Reason, string? Fix);
}
