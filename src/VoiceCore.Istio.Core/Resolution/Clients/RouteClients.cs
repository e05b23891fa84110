using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Clients with a sidecar by what they can route: those that see the same services and VirtualServices are one view, and labels tell them
/// apart only where a VirtualService asks for labels.
/// </summary>
internal sealed class RouteClients
{
    private readonly MeshResolution _mesh;
    private readonly Dictionary<string, int> _podsOfNamespace = new(StringComparer.Ordinal);

    internal RouteClients(MeshResolution mesh, Func<MeshClient, bool>? isClient)
    {
        _mesh = mesh;
        var pods = MeshClient.Callers(mesh.Snapshot)
            .Where(pod => pod is { HasSidecar: true, IsGateway: false } && (isClient is null || isClient(new MeshClient(pod.Namespace, pod.Labels, HasSidecar: true, [pod]))))
            .ToArray();
        foreach (var pod in pods)
            _podsOfNamespace[pod.Namespace] = _podsOfNamespace.GetValueOrDefault(pod.Namespace) + 1;
        Views = pods
            .GroupBy(pod => (pod.Namespace, Sidecar: mesh.Scopes.SidecarOf(pod.Namespace, pod.Labels)))
            .GroupBy(group => (group.Key.Sidecar, Namespace: SeesItsOwn(group.Key.Namespace, group.Key.Sidecar) ? group.Key.Namespace : null))
            .Select(view => new View(this, mesh.Scopes.Of(view.First().Key.Namespace, view.First().First().Labels), view.SelectMany(group => group).ToArray()))
            .ToArray();
    }

    /// <summary>The views; none where there are no clients.</summary>
    internal IReadOnlyList<View> Views { get; }

    /// <summary>The names of classes taken together: a namespace where all its clients are in it, else namespace/app.</summary>
    internal IReadOnlyList<string> Names(IReadOnlyList<Class> classes)
    {
        var names = new List<string>();
        foreach (var shares in classes.SelectMany(item => item.Shares).GroupBy(share => share.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (shares.Sum(share => share.Pods) == _podsOfNamespace[shares.Key])
                names.Add(shares.Key);
            else
                names.AddRange(shares.SelectMany(share => share.Names).Distinct().Order(StringComparer.Ordinal));
        }

        return names;
    }

    // Without a Sidecar, a namespace sees what every other sees, if nothing is meant for it alone.
    private bool SeesItsOwn(string @namespace, Sidecar? sidecar) =>
        sidecar is not null || _mesh.VirtualServices.HasOwn(@namespace) || _mesh.VirtualServices.Names(@namespace) || _mesh.Registry.HasOwn(@namespace);

    /// <summary>Clients that see the same.</summary>
    internal sealed class View(RouteClients owner, ClientScope scope, PodRecord[] pods)
    {
        private readonly Dictionary<string, Class[]> _byLabels = new(StringComparer.Ordinal);
        private readonly Lazy<Class[]> _whole = new(() => [new Class(owner, new ClientRoutes(owner._mesh.Snapshot.Mesh, scope, LabelSet.Empty), pods)]);

        /// <summary>The clients that routes to a service tell apart; none where they do not import it.</summary>
        internal IReadOnlyList<Class> Classes(RegisteredService service, RegisteredPort port)
        {
            if (scope.ListenerOf(port.Number) is not { } listener || listener.Find(service.Host, port.Number) != service)
                return [];
            var selectors = listener.VirtualServicesOf(service.Host).SelectMany(rule => rule.SourceLabels).Distinct().ToArray();
            if (selectors.Length == 0)
                return _whole.Value;
            var key = string.Join(';', selectors.AsEnumerable());
            if (!_byLabels.TryGetValue(key, out var classes))
                _byLabels.Add(key, classes = Divide(selectors));
            return classes;
        }

        private Class[] Divide(LabelSet[] selectors) => pods
            .GroupBy(pod => string.Concat(selectors.Select(selector => pod.Labels.Matches(selector) ? '1' : '0')))
            .Select(group => new Class(owner, new ClientRoutes(owner._mesh.Snapshot.Mesh, scope, group.First().Labels), group.ToArray()))
            .ToArray();
    }

    /// <summary>Clients that no condition of a service's routes tells apart.</summary>
    internal sealed class Class
    {
        private readonly Lazy<IReadOnlyList<string>> _names;

        internal Class(RouteClients owner, ClientRoutes routes, IReadOnlyList<PodRecord> pods)
        {
            Routes = routes;
            Shares = pods.GroupBy(pod => pod.Namespace)
                .Select(group => new Share(group.Key, group.Count(), group.Select(pod => $"{pod.Namespace}/{pod.Labels["app"] ?? pod.Name}").Distinct().ToArray()))
                .ToArray();
            _names = new(() => owner.Names([this]));
        }

        internal ClientRoutes Routes { get; }

        internal IReadOnlyList<Share> Shares { get; }

        internal IReadOnlyList<string> Names => _names.Value;
    }

    /// <summary>The clients of one namespace.</summary>
    internal sealed record Share(string Namespace, int Pods, IReadOnlyList<string> Names);
}
