using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Joins what clients send with what servers accept, service by service. Clients and endpoints that no rule tells apart are one case.</summary>
public sealed class MeshTlsResolver
{
    private readonly MeshResolution _mesh;
    private readonly ClientGroups _clients;
    private readonly RoutedClusters _routes;
    private readonly TlsAnswers _answers;
    private Func<MeshClient, bool>? _filter;
    private ClientSet _asked;

    /// <summary>Prepares a snapshot.</summary>
    public MeshTlsResolver(MeshSnapshot snapshot)
    {
        _mesh = new MeshResolution(snapshot);
        _clients = new ClientGroups(_mesh);
        _routes = new RoutedClusters(_mesh, _clients);
        _answers = new TlsAnswers(_mesh);
        _asked = _clients.WithSidecar;
    }

    /// <summary>
    /// A verdict for each port of a service, or several where clients differ. Clients are those with a sidecar; with
    /// <paramref name="isClient"/>, those that it takes, with a sidecar or without.
    /// </summary>
    public IEnumerable<MeshTlsVerdict> Resolve(ServiceRecord record, Func<MeshClient, bool>? isClient = null) =>
        Resolve(_mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!, isClient);

    /// <summary>The same for a host of a ServiceEntry.</summary>
    public IEnumerable<MeshTlsVerdict> Resolve(ServiceHost host, Func<MeshClient, bool>? isClient = null) =>
        _mesh.Registry.Find(host) is { } service ? Resolve(service, isClient) : [];

    private IEnumerable<MeshTlsVerdict> Resolve(RegisteredService service, Func<MeshClient, bool>? isClient)
    {
        var asked = Asked(isClient);
        var rules = _clients.ByRule(service).ToArray();
        foreach (var port in service.Ports)
        {
            if (port.Protocol == PortProtocol.Udp)
                continue;
            var endpoints = _answers.Kinds(service, port, port.Endpoints);
            var cases = new Dictionary<Case, ClientSet>();
            foreach (var (nodes, own) in ByNodes(service, asked))
            {
                var reached = service.IsNodeLocal ? _answers.Kinds(service, port, service.Reached(port.Endpoints, nodes)) : endpoints;
                foreach (var (judged, clients) in Cases(service, port, reached, rules, own, nodes))
                {
                    var told = service.IsNodeLocal ? judged with { Reason = $"{judged.Reason} {MeshTlsText.NodeLocal(Without(service, port, nodes))}" } : judged;
                    cases[told] = cases.GetValueOrDefault(told, ClientSet.Empty) | clients;
                }
            }

            var sorted = cases.Keys.ToArray();
            Array.Sort(sorted, (left, right) => cases[left].First.CompareTo(cases[right].First));
            foreach (var judged in sorted)
                yield return Verdict(service, port, endpoints, _clients.Titles(cases[judged]), judged);

            // A mesh without clients: what the server accepts is worth knowing all the same.
            if (sorted.Length == 0 && isClient is null)
                yield return Verdict(service, port, endpoints, [], Outside(service, endpoints));
        }
    }

    /// <summary>
    /// What a client with a sidecar sends to one pod of a service: of several kinds where a VirtualService leads requests to subsets that
    /// differ, nothing where it leads none to the pod. Null where the client's proxy ends the call.
    /// </summary>
    internal IReadOnlyList<ClientSends>? SendsTo(PodRecord client, ServiceRecord record, int portNumber, PodRecord server)
    {
        var service = _mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!;
        var port = service.Port(portNumber)!;
        var one = _clients.Where(group => group.Namespace == client.Namespace && group.Pods.Contains(client));
        if ((_clients.ThatSee(service, port) & one).IsEmpty)
            return (one & _clients.RegistryOnly).IsEmpty ? [ClientSends.Plaintext] : null;
        var rule = _mesh.DestinationRules.Resolve(client.Namespace, client.Labels, service.Host, service.Namespace);
        return
        [
            .. (from routed in _routes.Of(service, port, rule, endpointsDiffer: true, one)
                from cluster in routed.Clusters
                from endpoint in service.Reached(cluster.Endpoints, [client.Node])
                where endpoint.Pod == server
                select _answers.Of(cluster, _answers.Kind(cluster.Port, endpoint)).Sends).Distinct(),
        ];
    }

    private ClientSet Asked(Func<MeshClient, bool>? isClient)
    {
        if (isClient != _filter)
            (_filter, _asked) = (isClient, isClient is null ? _clients.WithSidecar : _clients.Where(isClient));
        return _asked;
    }

    // Where it makes a difference, clients by the nodes that their pods run on.
    private IEnumerable<ClientsOfNodes> ByNodes(RegisteredService service, ClientSet asked) => !service.IsNodeLocal
        ? [new ClientsOfNodes([], asked)]
        : asked.Places()
            .GroupBy(place => string.Join(',', NodesOf(_clients.Clients[place])), StringComparer.Ordinal)
            .Select(group => new ClientsOfNodes(NodesOf(_clients.Clients[group.First()]), ClientSet.Of(group)));

    private static string[] NodesOf(MeshClient client) => client.Pods.Select(pod => pod.Node).Distinct().Order(StringComparer.Ordinal).ToArray();

    // The nodes of clients from which nothing is reached.
    private static string[] Without(RegisteredService service, RegisteredPort port, string[] nodes) =>
        Array.FindAll(nodes, node => !service.Reached(port.Endpoints, [node]).Any());

    // All who are asked for, in groups with one answer each; an answer may come twice.
    private IEnumerable<(Case, ClientSet)> Cases(
        RegisteredService service, RegisteredPort port, EndpointKind[] endpoints, (EffectiveRule? Rule, ClientSet Clients)[] rules, ClientSet asked, string[] nodes)
    {
        if (endpoints.Length == 0)
        {
            if (!asked.IsEmpty)
                yield return (new Case(ClientSends.Plaintext, null, TlsStatus.NoEndpoints, MeshTlsText.NoEndpoints, service.IsEntry ? MeshTlsText.CheckEntry(service.Name) : MeshTlsText.CheckPods($"{service.Namespace}/{service.Name}")), asked);
            yield break;
        }

        var outside = asked - _clients.WithSidecar;
        if (!outside.IsEmpty)
            yield return (Outside(service, endpoints), outside);

        var seeing = _clients.ThatSee(service, port) & asked;
        foreach (var (rule, clients) in rules)
        {
            var own = seeing & clients;
            if (own.IsEmpty)
                continue;
            foreach (var (clusters, routed) in _routes.Of(service, port, rule, endpoints.Length > 1, own))
                yield return (Judge(clusters, endpoints, nodes), routed);
        }

        var others = (asked & _clients.WithSidecar) - seeing;
        foreach (var (proxy, passed) in _clients.ByEgressProxy(others - _clients.RegistryOnly))
        {
            foreach (var answer in proxy is null ? [(Unseen(passed, passes: true, endpoints), passed)] : ThroughProxy(proxy, passed, nodes))
                yield return answer;
        }

        if ((others & _clients.RegistryOnly) is { IsEmpty: false } ended)
            yield return (Unseen(ended, passes: false, endpoints), ended);
    }

    private static MeshTlsVerdict Verdict(
        RegisteredService service, RegisteredPort port, EndpointKind[] endpoints, IReadOnlyList<string> clients, Case judged)
    {
        return new MeshTlsVerdict(
            service.Namespace, service.Name, port.Number, port.Name,
            endpoints.Length == 0 ? ServerTls.None : Array.TrueForAll(endpoints, item => item.Server == endpoints[0].Server) ? endpoints[0].Server : ServerTls.Mixed,
            endpoints.Select(item => item.Policy).FirstOrDefault(policy => policy is not null),
            clients, judged.Sends, judged.Policy, judged.Status, Outside(service, endpoints).Status, port.Endpoints.Length, judged.Reason, judged.Fix);
    }

    // What a call without a sidecar meets.
    private static Case Outside(RegisteredService service, EndpointKind[] endpoints)
    {
        var status = Join(endpoints, item => TlsAnswers.Status(ClientSends.Plaintext, item.Server));
        return new Case(ClientSends.Plaintext, null, status, MeshTlsText.NoSidecarClient, status == TlsStatus.Broken ? MeshTlsText.InjectClient(service.Namespace) : null);
    }

    // Of one cluster or several that requests are spread over.
    private Case Judge(OutboundCluster[] clusters, EndpointKind[] endpoints, string[] nodes)
    {
        var (service, rule) = (clusters[0].Service, clusters[0].Rule);
        var cases = clusters
            .SelectMany(cluster => (cluster.Subset is null && clusters.Length == 1 ? endpoints : _answers.Kinds(cluster.Service, cluster.Port, cluster.Service.Reached(cluster.Endpoints, nodes))).Select(endpoint => _answers.Of(cluster, endpoint)))
            .ToArray();
        if (cases.Length == 0)
            return new Case(ClientSends.Plaintext, null, TlsStatus.NoEndpoints, MeshTlsText.NoEndpoints, MeshTlsText.CheckPods($"{service.Namespace}/{service.Name}"));
        // Of several endpoints, the worst speaks.
        var worst = cases.MaxBy(item => item.Status switch { TlsStatus.Broken => 3, TlsStatus.Plaintext => 2, TlsStatus.AppTls => 1, _ => 0 })!;
        return new Case(
            Array.TrueForAll(cases, item => item.Sends == cases[0].Sends) ? cases[0].Sends : ClientSends.Mixed,
            worst.Why == TlsCause.Rule ? rule!.First.Key : null,
            Join(cases, item => item.Status),
            MeshTlsText.Reason(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy),
            MeshTlsText.Fix(worst.Why, worst.Status, worst.Endpoint.Server, rule?.First.Key, worst.Endpoint.Policy, $"{service.Namespace}/{service.Name}"));
    }

    // What a proxy does not know, it passes on as it comes, or not at all.
    private Case Unseen(ClientSet clients, bool passes, EndpointKind[] endpoints)
    {
        var status = passes ? Join(endpoints, endpoint => TlsAnswers.Status(ClientSends.Plaintext, endpoint.Server)) : TlsStatus.Broken;
        return new Case(ClientSends.Plaintext, _clients.SidecarOf(clients)?.Key, status, MeshTlsText.Unseen(passes), MeshTlsText.ShowService);
    }

    // A proxy for what clients do not know is a service that they must know: what counts is what it is sent.
    private IEnumerable<(Case, ClientSet)> ThroughProxy(RouteDestination proxy, ClientSet clients, string[] nodes)
    {
        var unreached = clients;
        if (_mesh.Registry.Find(proxy.Host) is { } service && service.Port(proxy.Port) is { } port)
        {
            var seeing = _clients.ThatSee(service, port) & clients;
            foreach (var (rule, ruled) in _clients.ByRule(service))
            {
                var subset = rule?.Subsets.FirstOrDefault(subset => subset.Name == proxy.Subset);
                if ((seeing & ruled) is not { IsEmpty: false } own || (subset is null && proxy.Subset.Length > 0))
                    continue;
                unreached -= own;
                var judged = Judge([new OutboundCluster(_mesh, service, port, rule, subset)], _answers.Kinds(service, port, service.Reached(port.Endpoints, nodes)), nodes);
                yield return (judged with { Policy = judged.Policy ?? _clients.SidecarOf(own)?.Key, Reason = MeshTlsText.Proxied(proxy.Host, judged.Reason) }, own);
            }
        }

        if (!unreached.IsEmpty)
            yield return (new Case(ClientSends.Plaintext, _clients.SidecarOf(unreached)?.Key, TlsStatus.Broken, MeshTlsText.NoProxy(proxy.Host), MeshTlsText.ShowService), unreached);
    }

    private static TlsStatus Join<T>(T[] items, Func<T, TlsStatus> status) =>
        items.Length == 0 ? TlsStatus.NoEndpoints
        : Array.TrueForAll(items, item => status(item) == status(items[0])) ? status(items[0])
        : TlsStatus.Mixed;

    private sealed record Case(ClientSends Sends, string? Policy, TlsStatus Status, string Reason, string? Fix)
    {
        // Written out, with every property: what the compiler makes of enums has to be compiled at run time.
        public bool Equals(Case? other) =>
            other is not null && Sends == other.Sends && Policy == other.Policy && Status == other.Status && Reason == other.Reason && Fix == other.Fix;

        public override int GetHashCode() => HashCode.Combine((int)Sends, Policy, (int)Status, Reason, Fix);
    }

    /// <summary>Clients with the nodes that their pods run on; without them where that makes no difference.</summary>
    private sealed record ClientsOfNodes(string[] Nodes, ClientSet Clients);
}
