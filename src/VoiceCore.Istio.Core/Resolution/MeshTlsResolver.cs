using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Joins what clients send with what servers accept, service by service. Clients and endpoints that no rule tells apart are one case.</summary>
public sealed class MeshTlsResolver
{
    private readonly MeshSnapshot _snapshot;
    private readonly PeerAuthenticationResolver _servers;
    private readonly DestinationRuleResolver _rules;
    private readonly SidecarScope _scope;
    private readonly IReadOnlyList<MeshClient> _clients;
    private readonly ILookup<string, EndpointSliceRecord> _slices;
    private readonly Dictionary<string, PodRecord> _pods;

    /// <summary>Prepares a snapshot.</summary>
    public MeshTlsResolver(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _servers = new PeerAuthenticationResolver(snapshot);
        _rules = new DestinationRuleResolver(snapshot);
        _scope = new SidecarScope(snapshot);
        _clients = MeshClient.Of(snapshot, _rules, _scope);
        _slices = ServiceEndpoint.Slices(snapshot);
        _pods = snapshot.Pods.ToDictionary(pod => pod.Key, StringComparer.Ordinal);
    }

    /// <summary>
    /// A verdict for each port of a service, or several where clients differ. Clients are those with a sidecar; with
    /// <paramref name="isClient"/>, those that it takes, with a sidecar or without.
    /// </summary>
    public IEnumerable<MeshTlsVerdict> Resolve(ServiceRecord service, Func<MeshClient, bool>? isClient = null)
    {
        var clients = _clients.Where(isClient ?? (client => client.HasSidecar)).ToArray();
        foreach (var port in service.Ports.Where(port => port.Protocol != "UDP"))
        {
            var endpoints = ServiceEndpoint.Of(service, port, _slices[service.Key], _pods).ToArray();
            var accepted = endpoints.Select(Accepts).Distinct().ToArray();
            var cases = clients.Select(client => (Client: client, Case: Judge(client, service, port, endpoints))).GroupBy(item => item.Case, item => item.Client.Name + (item.Client.HasSidecar ? "" : " (no sidecar)"));
            var any = false;
            foreach (var group in cases)
            {
                any = true;
                yield return Verdict(service, port, endpoints, accepted, group.Distinct().ToArray(), group.Key);
            }

            // A mesh without clients: what the server accepts is worth knowing all the same.
            if (!any && isClient is null)
                yield return Verdict(service, port, endpoints, accepted, [], Outside(service, accepted));
        }
    }

    private static MeshTlsVerdict Verdict(
        ServiceRecord service, ServicePortRecord port, ServiceEndpoint[] endpoints, IReadOnlyList<Accepted> accepted, IReadOnlyList<string> clients, Case judged)
    {
        var servers = accepted.Select(item => item.Server).Distinct().ToArray();
        return new MeshTlsVerdict(
            service.Namespace, service.Name, port.Port, port.Name,
            servers.Length == 1 ? servers[0] : servers.Length == 0 ? ServerTls.None : ServerTls.Mixed,
            accepted.Select(item => item.Policy).FirstOrDefault(policy => policy is not null),
            clients, judged.Sends, judged.Policy, judged.Status, Outside(service, accepted).Status, endpoints.Length, judged.Reason, judged.Fix);
    }

    // What a call without a sidecar meets.
    private static Case Outside(ServiceRecord service, IReadOnlyList<Accepted> accepted)
    {
        var status = Join(accepted.Select(item => Status(ClientSends.Plaintext, item.Server)));
        return new Case(ClientSends.Plaintext, null, status, MeshTlsText.NoSidecarClient, status == TlsStatus.Broken ? MeshTlsText.InjectClient(service.Namespace) : null);
    }

    private Accepted Accepts(ServiceEndpoint endpoint)
    {
        if (endpoint.Pod is not { HasSidecar: true } pod)
            return new Accepted(ServerTls.None, null);
        var inbound = _servers.Resolve(pod.Namespace, pod.Labels, endpoint.Port);
        return new Accepted(
            inbound.Mode switch
            {
                MutualTlsMode.Strict => ServerTls.Strict,
                MutualTlsMode.Disable => ServerTls.Disable,
                _ => ServerTls.Permissive,
            },
            inbound.Policy?.Key);
    }

    private Case Judge(MeshClient client, ServiceRecord service, ServicePortRecord port, ServiceEndpoint[] endpoints)
    {
        var host = $"{service.Name}.{service.Namespace}.svc.{_snapshot.ClusterDomain}";
        if (endpoints.Length == 0)
            return new Case(ClientSends.Plaintext, null, TlsStatus.NoEndpoints, MeshTlsText.NoEndpoints, MeshTlsText.CheckPods(service.Key));
        if (!client.HasSidecar)
            return Outside(service, endpoints.Select(Accepts).Distinct().ToArray());
        if (_scope.Of(client.Namespace, client.Labels) is var sidecar && !_scope.Sees(sidecar, client.Namespace, service, host))
            return Unseen(client, sidecar, endpoints);

        var rule = _rules.Resolve(client.Namespace, client.Labels, host, service.Namespace);
        var fixedTls = rule?.PolicyFor(port.Port)?.Tls;
        var cases = endpoints.Select(endpoint => (Sent: Sends(service, rule, fixedTls, endpoint, endpoints), Endpoint: Accepts(endpoint))).Distinct()
            .Select(item => (item.Sent.Sends, Status: Status(item.Sent.Sends, item.Endpoint.Server), item.Sent.Why, item.Endpoint)).ToArray();
        var sends = cases.Select(item => item.Sends).Distinct().ToArray();
        // Of several endpoints, the worst speaks.
        var worst = cases.MaxBy(item => item.Status switch { TlsStatus.Broken => 3, TlsStatus.Plaintext => 2, TlsStatus.AppTls => 1, _ => 0 });
        return new Case(
            sends.Length == 1 ? sends[0] : ClientSends.Mixed,
            fixedTls is null ? null : rule!.First.Key,
            Join(cases.Select(item => item.Status)),
            MeshTlsText.Reason(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy),
            MeshTlsText.Fix(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy, service.Key));
    }

    // What a proxy does not know, it passes on as it comes, or not at all.
    private Case Unseen(MeshClient client, Sidecar? sidecar, IEnumerable<ServiceEndpoint> endpoints)
    {
        var passes = (sidecar?.OutboundTrafficPolicy ?? _snapshot.Mesh.OutboundTrafficPolicy) != "REGISTRY_ONLY";
        var status = passes ? Join(endpoints.Select(endpoint => Status(ClientSends.Plaintext, Accepts(endpoint).Server))) : TlsStatus.Broken;
        return new Case(ClientSends.Plaintext, sidecar?.Key, status, MeshTlsText.Unseen(client.Name, passes), MeshTlsText.ShowService);
    }

    private (ClientSends Sends, TlsCause Why) Sends(ServiceRecord service, EffectiveRule? rule, ClientTls? fixedTls, ServiceEndpoint endpoint, ServiceEndpoint[] all)
    {
        if (fixedTls is not null)
        {
            return fixedTls.Mode switch
            {
                ClientTlsMode.IstioMutual => (ClientSends.MutualTls, TlsCause.Rule),
                ClientTlsMode.Disable => (ClientSends.Plaintext, TlsCause.Rule),
                _ => (ClientSends.OwnTls, TlsCause.Rule),
            };
        }

        if (!_snapshot.Mesh.EnableAutoMtls)
            return (ClientSends.Plaintext, TlsCause.AutomaticMtlsOff);
        // A service whose endpoints the proxy does not choose is asked by one mode for all.
        if (service.IsHeadless && all.Any(other => other.Pod is not { AcceptsIstioMutualTls: true }))
            return (ClientSends.Plaintext, TlsCause.HeadlessWithoutSidecar);
        if (_servers.OfNamespace(service.Namespace).Mode == MutualTlsMode.Disable)
            return (ClientSends.Plaintext, TlsCause.NamespaceDisabled);
        // The check of endpoints keeps the rule's own tls where the port's entry, which replaces it, has none
        // (pilot/pkg/xds/endpoints/mtls_checker.go).
        if (rule?.Policy?.Tls is { Mode: not ClientTlsMode.IstioMutual })
            return (ClientSends.Plaintext, TlsCause.Rule);
        if (endpoint.Pod is not { AcceptsIstioMutualTls: true } pod)
            return (ClientSends.Plaintext, TlsCause.ServerWithoutSidecar);
        return _servers.Resolve(pod.Namespace, pod.Labels, endpoint.Port).Mode == MutualTlsMode.Disable
            ? (ClientSends.Plaintext, TlsCause.ServerDisabled)
            : (ClientSends.MutualTls, TlsCause.Automatic);
    }

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
