using System.Net;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Answers questions about requests. A client with a sidecar is taken to use mutual TLS, and a token to be signed by its issuer and in force.
/// </summary>
public sealed class AuthorizationTester
{
    private readonly MeshSnapshot _snapshot;
    private readonly AuthorizationResolver _resolver;
    private readonly InboundPorts _ports;
    private readonly Dictionary<string, PodRecord> _pods;

    /// <summary>Prepares the policies of a snapshot once for all questions.</summary>
    public AuthorizationTester(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _resolver = new AuthorizationResolver(snapshot);
        _ports = new InboundPorts(snapshot);
        _pods = snapshot.Pods.ToDictionary(pod => pod.Key);
    }

    /// <summary>One answer for each port, and more where pods of one server treat the request differently.</summary>
    /// <exception cref="MeshException">The server is not in the mesh, has no such port, or the client's name says nothing.</exception>
    public IReadOnlyList<AuthorizationAnswer> Run(AuthorizationQuery query)
    {
        var (principal, address) = Client(query.From);
        var answers =
            from target in Targets(query)
            let request = Request(query, target.Port, principal, address, target.Pod)
            let verdict = query.Claims is { } token ? _resolver.Decide(target.Pod, request, token) : _resolver.Decide(target.Pod, request)
            group target.Pod.Key by (target.Port, verdict) into pods
            orderby pods.Key.Port, pods.First()
            select Answer(query, pods.Key.Port, pods.Key.verdict, pods.ToArray());
        return answers.ToArray() is { Length: > 0 } found ? found : throw SnapshotErrors.ServerPortNotFound(query.To, query.Port);
    }

    private IEnumerable<(PodRecord Pod, int Port)> Targets(AuthorizationQuery query)
    {
        // A pod may have the name of its Service (kubectl run --expose gives it that): the Service is meant.
        if (_snapshot.Services.FirstOrDefault(service => service.Key == query.To) is not { } service)
        {
            var single = _pods.GetValueOrDefault(query.To) ?? throw SnapshotErrors.ServerNotFound(query.To);
            return query.Port > 0
                ? [(single, query.Port)]
                : _ports.Of(single.Namespace, single.Name).Select(port => port.Port).Distinct().Select(port => (single, port));
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
            select (_pods[$"{service.Namespace}/{name}"], port.Port);
    }

    private (string? Principal, IPAddress? Address) Client(string? from)
    {
        if (string.IsNullOrEmpty(from))
            return (null, null);
        if (from.StartsWith(AuthorizationIdentity.Scheme, StringComparison.Ordinal))
            return (from, null);
        if (_pods.TryGetValue(from, out var pod))
            return (pod.HasSidecar ? Identity(pod.Namespace, pod.ServiceAccount) : null, IPAddress.TryParse(pod.IP, out var address) ? address : null);
        return from.Split('/') switch
        {
            [{ Length: > 0 } ns, { Length: > 0 } account] => (Identity(ns, account), null),
            [{ Length: > 0 }, "ns", { Length: > 0 }, "sa", { Length: > 0 }] => (AuthorizationIdentity.Scheme + from, null),
            _ => throw SnapshotErrors.ClientInvalid(from),
        };
    }

    private string Identity(string @namespace, string account) =>
        $"{AuthorizationIdentity.Scheme}{_snapshot.Mesh.TrustDomain}/ns/{@namespace}/sa/{account}";

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
}
