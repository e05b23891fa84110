using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>Which of the objects that differ can have changed a verdict: those that the rules of its area look at for its subject.</summary>
internal sealed class ChangeCauses
{
    private readonly ILookup<string, ObjectChange> _byNamespace;
    private readonly ObjectChange[] _byHost;
    private readonly MeshSnapshot[] _states;
    private readonly ILookup<string, PodRecord>[] _pods;
    private readonly Dictionary<string, ServiceRecord>[] _services;

    internal ChangeCauses(IReadOnlyList<ObjectChange> changes, params MeshSnapshot[] states)
    {
        _byNamespace = changes.Where(change => !IsByHost(change)).ToLookup(change => change.Namespace);
        _byHost = [.. changes.Where(IsByHost)];
        _states = states;
        _pods = Array.ConvertAll(states, state => state.Pods.ToLookup(pod => pod.Namespace));
        _services = Array.ConvertAll(states, state => state.Services.ToDictionary(service => service.Key));
    }

    internal IReadOnlyList<string> Of(MeshChangeArea area, VerdictSubject subject, IReadOnlyList<string> clients)
    {
        // A namespace without workloads is a subject of its own.
        var home = subject.Kind == "Namespace" ? subject.Name : subject.Namespace;
        var callers = clients.Select(client => client.Split('/', ' ')[0]).ToHashSet(StringComparer.Ordinal);
        var around = callers.Append(home).Append("").Concat(_states.Select(state => state.Mesh.RootNamespace)).Distinct()
            .SelectMany(name => _byNamespace[name]).Concat(_byHost).ToArray();
        var found = Array.FindAll(around, change => area switch
        {
            MeshChangeArea.Injection => CountsForInjection(change, subject, home),
            MeshChangeArea.Authorization => CountsForAuthorization(change, subject),
            _ => CountsForService(change, area, $"{subject.Namespace}/{subject.Name}", subject.Namespace, callers),
        });
        if (found.Length == 0)
            found = Array.FindAll(around, change => change.Kind is ObjectChange.Pods or "Namespace");
        return [.. found.Select(change => change.Subject).Distinct()];
    }

    // Kinds that count in other namespaces than their own.
    private static bool IsByHost(ObjectChange change) => (change.After ?? change.Before) is DestinationRule or VirtualService or ServiceEntry;

    private bool CountsForService(ObjectChange change, MeshChangeArea area, string key, string @namespace, HashSet<string> callers) => change.Kind switch
    {
        ObjectChange.MeshConfig => true,
        "Service" or ObjectChange.Endpoints => $"{change.Namespace}/{change.Name}" == key,
        ObjectChange.Pods => change.Namespace == @namespace && change.Any(pod => Selects(key, pod.Labels)) && !IsOnlyCount(change),
        "Namespace" => (change.Name == @namespace || callers.Contains(change.Name)) && _states.Any(state => state.Mesh.DiscoverySelectors.Count > 0),
        "Sidecar" => callers.Contains(change.Namespace) || IsRoot(change.Namespace),
        "PeerAuthentication" => area == MeshChangeArea.MutualTls && change.Any(item => item is PeerAuthentication policy && IsFor(policy, key, @namespace)),
        "DestinationRule" => change.Any(item => item is DestinationRule rule && IsNamed(key, [rule.Host], rule.Namespace)),
        "VirtualService" => change.Any(item => item is VirtualService route && IsNamed(key, route.Hosts, route.Namespace)),
        "ServiceEntry" => change.Any(item => item is ServiceEntry entry && IsNamed(key, entry.Hosts, entry.Namespace)),
        "WorkloadEntry" => change.Namespace == @namespace,
        _ => false,
    };

    private bool CountsForInjection(ObjectChange change, VerdictSubject subject, string home) => change.Kind switch
    {
        "Namespace" => change.Name == home,
        ObjectChange.Pods => IsOf(change, subject) || (subject.Kind == "Namespace" && change.Namespace == home),
        "MutatingWebhookConfiguration" => true,
        "Service" => _states.Any(state => state.Webhooks.Any(configuration =>
            configuration.Webhooks.Any(webhook => webhook.ServiceNamespace == change.Namespace && webhook.ServiceName == change.Name))),
        _ => false,
    };

    private bool CountsForAuthorization(ObjectChange change, VerdictSubject subject) => change.Kind switch
    {
        ObjectChange.MeshConfig => true,
        ObjectChange.Pods => IsOf(change, subject),
        "AuthorizationPolicy" or "RequestAuthentication" => change.Any(item => item is IstioObject policy && IsAttached(policy, subject)),
        _ => false,
    };

    private static bool IsOf(ObjectChange pods, VerdictSubject subject) => pods.Namespace == subject.Namespace && pods.Name == $"{subject.Kind}/{subject.Name}";

    // How many pods there are shows in the endpoints.
    private static bool IsOnlyCount(ObjectChange pods) =>
        pods.Fields.Count > 0 && pods.Fields.All(field => field.Path is ".replicas" or ".ready");

    private bool IsRoot(string @namespace) => Array.Exists(_states, state => state.Mesh.RootNamespace == @namespace);

    private bool Selects(string service, LabelSet labels) =>
        Array.Exists(_services, services => services.TryGetValue(service, out var record) && record.Selector.Count > 0 && labels.Matches(record.Selector));

    private bool IsFor(PeerAuthentication policy, string service, string @namespace) =>
        !policy.HasSelector
        || (policy.Namespace == @namespace && Array.Exists(_pods, pods => pods[@namespace].Any(pod => pod.Labels.Matches(policy.Selector!) && Selects(service, pod.Labels))));

    private bool IsNamed(string service, IReadOnlyList<string> hosts, string @namespace)
    {
        for (var index = 0; index < _states.Length; index++)
        {
            var domain = _states[index].ClusterDomain;
            if (_services[index].TryGetValue(service, out var record)
                && hosts.Any(host => HostName.Matches(HostName.Complete(host, @namespace, domain), HostName.Of(record, domain))))
                return true;
        }

        return false;
    }

    private bool IsAttached(IstioObject policy, VerdictSubject subject)
    {
        var (selector, targets) = policy switch
        {
            AuthorizationPolicy authorization => (authorization.Selector, authorization.Targets),
            RequestAuthentication tokens => (tokens.Selector, tokens.Targets),
            _ => (null, []),
        };
        for (var index = 0; index < _states.Length; index++)
        {
            var root = _states[index].Mesh.RootNamespace;
            if (_pods[index][subject.Namespace].Any(pod =>
                MeshWorkload.OwnerOf(pod) == (subject.Kind, subject.Name)
                && PolicyAttachment.WhyNot(policy, selector, targets, root, subject.Namespace, pod.Labels) is null))
                return true;
        }

        return false;
    }
}
