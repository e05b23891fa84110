using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Lists the policies that could have applied to a service, with what became of each. Ports, clients and pods that no policy tells apart
/// are one case. The choices are those of the resolvers that give the verdicts.
/// </summary>
public sealed class PolicyCandidateResolver
{
    private readonly MeshResolution _mesh;
    private readonly IReadOnlyList<MeshClient> _clients;
    private readonly DestinationRuleCandidates _destinationRules;
    private readonly VirtualServiceCandidates _virtualServices;
    private readonly SidecarCandidates _sidecars;
    private readonly PeerAuthenticationCandidates _peerAuthentications;
    private readonly AuthorizationPolicyCandidates _authorizationPolicies;

    /// <summary>Prepares a snapshot.</summary>
    public PolicyCandidateResolver(MeshSnapshot snapshot)
    {
        _mesh = new MeshResolution(snapshot);
        _clients = MeshClient.Of(_mesh);
        _destinationRules = new(_mesh);
        _virtualServices = new(_mesh);
        _sidecars = new(_mesh);
        _peerAuthentications = new(_mesh);
        _authorizationPolicies = new(_mesh);
    }

    /// <summary>
    /// The candidates of one kind, those that are kept first. Clients are those with a sidecar; with <paramref name="isClient"/>, those that
    /// it takes, with a sidecar or without. <paramref name="isServer"/> chooses among the pods of the service.
    /// </summary>
    public IEnumerable<PolicyCandidate> Resolve(
        ServiceRecord record, PolicyKind kind, Func<int, bool>? isPort = null, Func<MeshClient, bool>? isClient = null, Func<PodRecord, bool>? isServer = null) =>
        Resolve(_mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!, kind, isPort, isClient, isServer);

    /// <summary>The same for a host of a ServiceEntry.</summary>
    public IEnumerable<PolicyCandidate> Resolve(ServiceHost host, PolicyKind kind, Func<int, bool>? isPort = null, Func<MeshClient, bool>? isClient = null) =>
        _mesh.Registry.Find(host) is { } service ? Resolve(service, kind, isPort, isClient, isServer: null) : [];

    private IEnumerable<PolicyCandidate> Resolve(
        RegisteredService service, PolicyKind kind, Func<int, bool>? isPort, Func<MeshClient, bool>? isClient, Func<PodRecord, bool>? isServer)
    {
        var ports = service.Ports.Where(port => port.Protocol != PortProtocol.Udp && isPort?.Invoke(port.Number) != false).ToArray();
        var taken = isClient ?? (client => client.HasSidecar);
        var clients = _clients.Where(taken);
        var pods = ports.SelectMany(port => port.Endpoints).Select(endpoint => endpoint.Pod).OfType<PodRecord>().DistinctBy(pod => pod.Key)
            .Where(isServer ?? (_ => true)).OrderBy(pod => pod.Key, StringComparer.Ordinal);
        return kind switch
        {
            PolicyKind.DestinationRule => OfClients(service, kind, ports, clients, _destinationRules.Of),
            PolicyKind.VirtualService => OfClients(service, kind, ports, clients.SelectMany(client => _virtualServices.Divide(client, service)).Where(taken), _virtualServices.Of),
            PolicyKind.Sidecar => OfClients(service, kind, ports, clients, _sidecars.Of),
            PolicyKind.PeerAuthentication => OfPods(service, kind, ports, pods, (pod, endpoint, _) => _peerAuthentications.Of(pod, endpoint.Port)),
            _ => OfPods(service, kind, ports, pods, (pod, _, port) => _authorizationPolicies.Of(pod, port.Protocol.HasRoutes())),
        };
    }

    private static IEnumerable<PolicyCandidate> OfClients(
        RegisteredService service,
        PolicyKind kind,
        RegisteredPort[] ports,
        IEnumerable<MeshClient> clients,
        Func<MeshClient, RegisteredService, RegisteredPort, IEnumerable<PolicyJudgement>> judge) =>
        from item in Grouped(clients, ports, (client, port) => judge(client, service, port))
        from candidate in Candidates(service, kind, item.Ports, item.Judgements)
        select candidate with { Clients = item.Subjects.Select(client => client.Title).Distinct().ToArray() };

    private static IEnumerable<PolicyCandidate> OfPods(
        RegisteredService service,
        PolicyKind kind,
        RegisteredPort[] ports,
        IEnumerable<PodRecord> pods,
        Func<PodRecord, RegisteredEndpoint, RegisteredPort, IEnumerable<PolicyJudgement>> judge) =>
        from item in Grouped(pods, ports, (pod, port) => Array.Find(port.Endpoints, endpoint => ReferenceEquals(endpoint.Pod, pod)) is { Pod: not null } endpoint ? judge(pod, endpoint, port) : [])
        from candidate in Candidates(service, kind, item.Ports, item.Judgements)
        select candidate with { Pods = item.Subjects.Select(pod => pod.Key).ToArray() };

    // Subjects for which all ports are judged alike are put together, then their ports.
    private static IEnumerable<(List<T> Subjects, int[] Ports, PolicyJudgement[] Judgements)> Grouped<T>(
        IEnumerable<T> subjects, RegisteredPort[] ports, Func<T, RegisteredPort, IEnumerable<PolicyJudgement>> judge)
    {
        var cases = subjects.Select(subject => (Subject: subject, Ports: Array.ConvertAll(ports, port => new PolicyCase(judge(subject, port)))));
        foreach (var alike in cases.GroupBy(item => string.Join('\n', item.Ports.Select(port => port.Text))))
        {
            foreach (var samePorts in ports.Zip(alike.First().Ports).GroupBy(pair => pair.Second.Text))
            {
                yield return (alike.Select(item => item.Subject).ToList(), samePorts.Select(pair => pair.First.Number).ToArray(), samePorts.First().Second.Judgements);
            }
        }
    }

    private static IEnumerable<PolicyCandidate> Candidates(RegisteredService service, PolicyKind kind, int[] ports, PolicyJudgement[] judgements) =>
        judgements.OrderBy(judgement => judgement.Cause is var cause and (PolicyCause.Applies or PolicyCause.Merged) ? cause : PolicyCause.Ignored).Select(judgement => new PolicyCandidate
        {
            Kind = kind,
            Namespace = judgement.Policy.Namespace,
            Name = judgement.Policy.Name,
            Cause = judgement.Cause,
            Reason = judgement.Reason,
            Effect = judgement.Effect,
            Service = $"{service.Namespace}/{service.Name}",
            Ports = ports,
        });

    private sealed class PolicyCase(IEnumerable<PolicyJudgement> judgements)
    {
        private string? _text;

        internal PolicyJudgement[] Judgements { get; } = judgements.ToArray();

        internal string Text => _text ??= string.Join('\n', Judgements.Select(judgement => $"{judgement.Policy.Key} {judgement.Effect} {judgement.Reason}"));
    }
}
