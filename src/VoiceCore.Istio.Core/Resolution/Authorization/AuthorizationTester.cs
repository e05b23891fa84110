using System.Net;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Answers questions about requests. A client with a sidecar has the identity of its certificate where its proxy uses mutual TLS with the
/// server; of a client that is no pod of the mesh that is taken for granted. A token is taken to be signed by its issuer and in force.
/// </summary>
public sealed class AuthorizationTester
{
    private readonly MeshSnapshot _snapshot;
    private readonly AuthorizationResolver _resolver;
    private readonly InboundPorts _ports;
    private readonly Dictionary<string, PodRecord> _pods;
    private readonly Lazy<MeshTlsResolver> _tls;

    /// <summary>Prepares the policies of a snapshot once for all questions.</summary>
    public AuthorizationTester(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _resolver = new AuthorizationResolver(snapshot);
        _ports = new InboundPorts(snapshot);
        _pods = snapshot.Pods.ToDictionary(pod => pod.Key);
        _tls = new Lazy<MeshTlsResolver>(() => new MeshTlsResolver(snapshot));
    }

    /// <summary>One answer for each port, and more where pods of one server treat the request differently.</summary>
    /// <exception cref="MeshException">The server is not in the mesh, has no such port, or the client's name says nothing.</exception>
    public IReadOnlyList<AuthorizationAnswer> Run(AuthorizationQuery query)
    {
        var client = AuthorizationClient.Of(query.From, _snapshot, _pods);
        var answers =
            from target in Targets(query)
            from verdict in Verdicts(query, client, target)
            group target.Pod.Key by (target.Port, verdict) into pods
            orderby pods.Key.Port, pods.First()
            select Answer(query, pods.Key.Port, pods.Key.verdict, pods.ToArray());
        return answers.ToArray() is { Length: > 0 } found ? found : throw SnapshotErrors.ServerPortNotFound(query.To, query.Port);
    }

    // One, or several where the client's requests arrive in different ways.
    private IEnumerable<AuthorizationVerdict> Verdicts(AuthorizationQuery query, AuthorizationClient client, Target target)
    {
        if (client.Pod is not { HasSidecar: true } || target.Service is null)
            return [Decide(query, client, target, client.Principal)];
        if (_tls.Value.SendsTo(client.Pod, target.Service, target.ServicePort, target.Pod) is not { } sent)
            return [Decide(query, client, target, principal: null) with { Decision = AuthorizationDecision.NoListener, Rule = null, Reason = "The client's proxy does not know the service, and ends what it does not know." }];
        return sent.Select(sends => Arriving(query, client, target, sends)).Distinct();
    }

    private AuthorizationVerdict Arriving(AuthorizationQuery query, AuthorizationClient client, Target target, ClientSends sends)
    {
        var isMutual = sends == ClientSends.MutualTls;
        var verdict = Decide(query, client, target, isMutual ? client.Principal : null);
        if (isMutual && !target.Pod.HasSidecar)
            return verdict with { Decision = AuthorizationDecision.NoListener, Reason = "The client's proxy sends mutual TLS, and the pod has no sidecar to take it." };
        return isMutual || verdict.Decision == AuthorizationDecision.Allow
            ? verdict
            : verdict with { Reason = $"{verdict.Reason} The client's proxy uses no mutual TLS here, so the server sees no identity: Test-MeshTls says why." };
    }

    private AuthorizationVerdict Decide(AuthorizationQuery query, AuthorizationClient client, Target target, string? principal)
    {
        var request = Request(query, target.Port, principal, client.Address, target.Pod);
        return query.Claims is { } token ? _resolver.Decide(target.Pod, request, token) : _resolver.Decide(target.Pod, request);
    }

    private IEnumerable<Target> Targets(AuthorizationQuery query)
    {
        // A pod may have the name of its Service (kubectl run --expose gives it that): the Service is meant.
        if (_snapshot.Services.FirstOrDefault(service => service.Key == query.To) is not { } service)
        {
            var single = _pods.GetValueOrDefault(query.To) ?? throw SnapshotErrors.ServerNotFound(query.To);
            return query.Port > 0
                ? [new Target(single, query.Port, null, 0)]
                : _ports.Of(single.Namespace, single.Name).Select(port => port.Port).Distinct().Select(port => new Target(single, port, null, 0));
        }

        return
            from name in _snapshot.EndpointSlices
                .Where(slice => slice.Namespace == service.Namespace && slice.Service == service.Name)
                .SelectMany(slice => slice.Endpoints)
                .Select(endpoint => endpoint.Pod)
                .OfType<string>()
                .Distinct()
            where _pods.ContainsKey($"{service.Namespace}/{name}")
            from port in _ports.Of(service.Namespace, name)
            where port.Service == service.Key && (query.Port == 0 || port.ServicePort == query.Port)
            select new Target(_pods[$"{service.Namespace}/{name}"], port.Port, service, port.ServicePort);
    }

    private AuthorizationRequest Request(AuthorizationQuery query, int port, string? principal, IPAddress? source, PodRecord server)
    {
        var service = query.To.Split('/');
        return new AuthorizationRequest
        {
            Principal = principal,
            SourceAddress = source,
            DestinationAddress = IPAddress.TryParse(server.IP, out var address) ? address : null,
            Port = port,
            Host = query.Host ?? $"{service[^1]}.{server.Namespace}.svc.{_snapshot.ClusterDomain}",
            Method = query.Method.ToUpperInvariant(),
            Path = query.Path,
            Headers = query.Headers,
        };
    }

    private static AuthorizationAnswer Answer(AuthorizationQuery query, int port, AuthorizationVerdict verdict, string[] pods) => new(
        query.From ?? "",
        query.To,
        port,
        query.Method.ToUpperInvariant(),
        query.Path,
        verdict.Decision,
        verdict.Rule is null ? "" : $"{verdict.Rule.Namespace}/{verdict.Rule.Policy}",
        verdict.Rule?.Index,
        verdict.Mode,
        pods,
        verdict.Reason);

    /// <summary>A pod's port, and the Service through which it is called; null where the pod is called by its address.</summary>
    private sealed record Target(PodRecord Pod, int Port, ServiceRecord? Service, int ServicePort);
}
