using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// VirtualServices that sidecars take part in, with full host names, oldest first.
/// Source: <c>initVirtualServices</c> in pilot/pkg/model/push_context.go and pilot/pkg/model/virtualservice.go.
/// </summary>
internal sealed class VirtualServiceIndex
{
    private readonly List<MeshVirtualService> _public = [];
    private readonly Dictionary<string, List<MeshVirtualService>> _publicByNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MeshVirtualService>> _private = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MeshVirtualService>> _exported = new(StringComparer.Ordinal);

    private readonly HashSet<string> _sourceNamespaces = new(StringComparer.Ordinal);

    internal VirtualServiceIndex(MeshSnapshot snapshot)
    {
        var records = snapshot.VirtualServices.Where(record => record.Gateways.Count == 0 || record.Gateways.Contains(IstioNames.MeshGateway)).ToArray();
        Array.Sort(records, MeshObject.CompareByAge);
        var delegates = new VirtualServiceDelegates(snapshot);
        foreach (var record in records)
        {
            if (record.Hosts.Count == 0)
                continue;
            var service = new MeshVirtualService(record, delegates.Routes(record), snapshot.ClusterDomain);
            _sourceNamespaces.UnionWith(service.Http.SelectMany(route => route.Matches).Select(match => match.SourceNamespace));
            var exportTo = (record.ExportTo.Count > 0 ? record.ExportTo : snapshot.Mesh.DefaultVirtualServiceExportTo)
                .Select(target => target == "." ? record.Namespace : target).Distinct().ToArray();
            if (exportTo.Contains("*"))
            {
                _public.Add(service);
                In(_publicByNamespace, record.Namespace).Add(service);
                continue;
            }

            if (exportTo.Contains("~"))
                continue;
            foreach (var target in exportTo)
                In(target == record.Namespace ? _private : _exported, target).Add(service);
        }
    }

    /// <summary>
    /// Those of some namespaces (null: of all) that a namespace sees, in the order in which they count: its private ones, those exported to
    /// it, public ones.
    /// </summary>
    internal IEnumerable<MeshVirtualService> VisibleTo(string @namespace, IReadOnlyCollection<string>? inNamespaces)
    {
        var own = _private.GetValueOrDefault(@namespace, []).Concat(_exported.GetValueOrDefault(@namespace, []));
        if (inNamespaces is null)
            return own.Concat(_public);
        var exported = new List<MeshVirtualService>();
        foreach (var name in inNamespaces)
            exported.AddRange(_publicByNamespace.GetValueOrDefault(name, []));
        exported.Sort(static (left, right) => MeshObject.CompareByAge(left.Record, right.Record));
        return own.Where(service => inNamespaces.Contains(service.Record.Namespace)).Concat(exported);
    }

    private static List<MeshVirtualService> In(Dictionary<string, List<MeshVirtualService>> index, string @namespace) =>
        index.TryGetValue(@namespace, out var list) ? list : index[@namespace] = [];

    /// <summary>True where the namespace sees more than what is public.</summary>
    internal bool HasOwn(string @namespace) => _private.ContainsKey(@namespace) || _exported.ContainsKey(@namespace);

    /// <summary>True where a condition of any names the namespace as that of the client.</summary>
    internal bool Names(string @namespace) => _sourceNamespaces.Contains(@namespace);
}

/// <summary>A VirtualService of the mesh with completed host names.</summary>
internal sealed class MeshVirtualService
{
    private readonly string _clusterDomain;

    internal MeshVirtualService(VirtualService record, IReadOnlyList<HttpRoute> http, string clusterDomain)
    {
        _clusterDomain = clusterDomain;
        Record = record;
        Http = http;
        Hosts = record.Hosts.Select(Complete).ToArray();
        SourceLabels = http.SelectMany(route => route.Matches).Select(match => match.SourceLabels).Where(labels => labels.Count > 0).Distinct().ToArray();
    }

    internal VirtualService Record { get; }

    internal string[] Hosts { get; }

    /// <summary>The HTTP routes, those of delegates in their places.</summary>
    internal IReadOnlyList<HttpRoute> Http { get; }

    /// <summary>The labels that conditions ask of clients.</summary>
    internal LabelSet[] SourceLabels { get; }

    internal string Complete(string host) => HostName.Complete(host, Record.Namespace, _clusterDomain);

    /// <summary>Where it leads to from a namespace, with completed hosts.</summary>
    internal IEnumerable<RouteDestination> Destinations(string clientNamespace)
    {
        foreach (var route in Http)
        {
            var named = route.Matches.Where(match => match.SourceNamespace.Length > 0).ToArray();
            if (named.Length > 0 && !Array.Exists(named, match => match.SourceNamespace == clientNamespace))
                continue;
            foreach (var destination in route.Destinations.Concat(route.Mirrors.Select(mirror => mirror.Destination)))
                yield return destination with { Host = Complete(destination.Host) };
        }

        foreach (var destination in Record.Connections)
            yield return destination with { Host = Complete(destination.Host) };
    }
}
