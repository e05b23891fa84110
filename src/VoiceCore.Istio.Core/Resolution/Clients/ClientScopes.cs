using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Finds the Sidecar of a client and what it lets the client see. Source: pilot/pkg/model/sidecar.go, <c>initSidecarScopes</c> in
/// pilot/pkg/model/push_context.go, <c>SelectVirtualServices</c> in pilot/pkg/model/virtualservice.go.
/// </summary>
internal sealed class ClientScopes
{
    private readonly MeshResolution _mesh;
    private readonly Dictionary<string, List<Sidecar>> _byNamespace = new(StringComparer.Ordinal);
    private readonly Sidecar? _root;
    private readonly Dictionary<Sidecar, ClientScope> _ofSidecars = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ClientScope> _ofNamespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClientScope> _ofGateways = new(StringComparer.Ordinal);

    internal ClientScopes(MeshResolution mesh)
    {
        _mesh = mesh;
        var sidecars = mesh.Snapshot.Sidecars.ToArray();
        Array.Sort(sidecars, static (left, right) =>
            (left.WorkloadSelector is null).CompareTo(right.WorkloadSelector is null) is not 0 and var order ? order : MeshObject.CompareByAge(left, right));
        foreach (var sidecar in sidecars)
            (_byNamespace.TryGetValue(sidecar.Namespace, out var list) ? list : _byNamespace[sidecar.Namespace] = []).Add(sidecar);
        _root = Array.Find(sidecars, sidecar => sidecar.Namespace == mesh.Snapshot.Mesh.RootNamespace && sidecar.WorkloadSelector is null);
    }

    /// <summary>The Sidecar of a client: with a matching selector, else the namespace's, else the root namespace's. Null without any.</summary>
    internal Sidecar? SidecarOf(string @namespace, LabelSet labels) =>
        _byNamespace.GetValueOrDefault(@namespace)?.Find(sidecar => sidecar.WorkloadSelector is null || labels.Matches(sidecar.WorkloadSelector)) ?? _root;

    /// <summary>
    /// That of clients. Gateways have no Sidecar, and pass nothing on that they do not know: <c>doGetSidecarScope</c> in
    /// pilot/pkg/model/push_context.go, <c>DefaultSidecarScopeForGateway</c> in pilot/pkg/model/sidecar.go. (Where sidecars of the namespace
    /// have none either, istiod may give gateways theirs, which differs only in hosts that several namespaces share.)
    /// </summary>
    internal ClientScope Of(MeshClient client)
    {
        if (!client.IsGateway)
            return Of(client.Namespace, client.Labels);
        if (!_ofGateways.TryGetValue(client.Namespace, out var scope))
            _ofGateways.Add(client.Namespace, scope = new ClientScope(client.Namespace, sidecar: null, "REGISTRY_ONLY", () => ImportForGateways(client.Namespace)) { IsGateway = true });
        return scope;
    }

    internal ClientScope Of(string @namespace, LabelSet labels)
    {
        var sidecar = SidecarOf(@namespace, labels);
        // Without one of its own, all of a namespace have the root namespace's, or none.
        if (sidecar is { } own && own.Namespace == @namespace)
            return _ofSidecars.TryGetValue(own, out var scope) ? scope : _ofSidecars[own] = Scope(@namespace, own);
        return _ofNamespaces.TryGetValue(@namespace, out var common) ? common : _ofNamespaces[@namespace] = Scope(@namespace, sidecar);
    }

    private ClientScope Scope(string @namespace, Sidecar? sidecar) =>
        new(@namespace, sidecar, sidecar?.OutboundTrafficPolicy ?? _mesh.Snapshot.Mesh.OutboundTrafficPolicy, () => Import(@namespace, sidecar));

    private ScopeImports Import(string @namespace, Sidecar? sidecar)
    {
        var imports = new ScopeImports();
        foreach (var egress in sidecar is { Egress.Count: > 0 } ? sidecar.Egress : [new SidecarEgress(["*/*"], 0, "", "")])
        {
            var hosts = new EgressHosts(egress.Hosts, @namespace);
            var services = new List<RegisteredService>();
            foreach (var service in hosts.AreExact ? _mesh.Registry.Named(hosts.Exact(), @namespace) : _mesh.Registry.VisibleTo(@namespace, hosts.Namespaces))
            {
                if (hosts.Imports(service.Namespace, host => host.Matches(service.Host), service.Host) && (!egress.CapturesPort || service.Port(egress.Port) is not null))
                    services.Add(service);
            }

            if (_mesh.Registry.HasSharedHosts)
                services = OfOneNamespace(services, @namespace);
            foreach (var service in services)
                imports.Add(service, PortsOf(service, egress.CapturesPort ? [egress.Port] : []));

            var virtualServices = new List<MeshVirtualService>();
            foreach (var candidate in _mesh.VirtualServices.VisibleTo(@namespace, hosts.Namespaces))
            {
                if (Array.Exists(candidate.Hosts, name => hosts.Imports(candidate.Record.Namespace, host => host.MatchesVirtualService(name), name)))
                    virtualServices.Add(candidate);
            }

            imports.Listeners.Add(new EgressListener(egress, services, virtualServices));
            AddDestinations(imports, @namespace, virtualServices, egress.CapturesPort ? egress.Port : 0);
        }

        return imports;
    }

    // Of services with one host the first counts, wherever it lies.
    private ScopeImports ImportForGateways(string @namespace)
    {
        var imports = new ScopeImports();
        foreach (var service in _mesh.Registry.VisibleTo(@namespace))
            imports.Add(service, service.Ports);
        return imports;
    }

    // Of one host what lies in the namespace of the chosen service is listened for; clusters are the chosen one's (`selectServices`).
    private static List<RegisteredService> OfOneNamespace(List<RegisteredService> services, string clientNamespace)
    {
        var namespaces = services.Where(service => service.OfSameHost is not null).GroupBy(service => service.Host, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => RegisteredService.Chosen(same, clientNamespace)!.Namespace, StringComparer.Ordinal);
        return services.FindAll(service => service.OfSameHost is null || namespaces[service.Host] == service.Namespace);
    }

    // Where a VirtualService leads is seen as well.
    private void AddDestinations(ScopeImports imports, string @namespace, List<MeshVirtualService> virtualServices, int listenerPort)
    {
        foreach (var virtualService in virtualServices)
        {
            foreach (var destination in virtualService.Destinations(@namespace).GroupBy(target => target.Host))
            {
                if (_mesh.Registry.Destination(destination.Key, @namespace) is { } service)
                    imports.Add(service, PortsOf(service, listenerPort != 0 ? [listenerPort] : destination.Any(target => target.Port == 0) ? [] : destination.Select(target => target.Port).ToArray()));
            }
        }
    }

    private static RegisteredPort[] PortsOf(RegisteredService service, int[] wanted) =>
        wanted.Length == 0 ? service.Ports : Array.FindAll(service.Ports, port => wanted.Contains(port.Number));
}
