using System.Net;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A service as the mesh knows it.</summary>
internal sealed class RegisteredService
{
    internal required string Host { get; init; }

    /// <summary>Its place among all services, the oldest first.</summary>
    internal int Place { get; set; }

    internal required DateTime Created { get; init; }

    internal required string Namespace { get; init; }

    internal required string Name { get; init; }

    /// <summary>A host of a ServiceEntry; else a Service of Kubernetes.</summary>
    internal bool IsEntry { get; init; }

    /// <summary>Outside of the mesh: no mutual TLS by itself.</summary>
    internal bool IsExternal { get; init; }

    /// <summary>All services of its host, where there are several: a client knows one of them. Else null.</summary>
    internal IReadOnlyList<RegisteredService>? OfSameHost { get; set; }

    /// <summary>False for a host that has no IP of its own.</summary>
    internal bool HasAddress { get; init; } = true;

    /// <summary>How proxies find its endpoints.</summary>
    internal required ServiceResolution Resolution { get; init; }

    /// <summary>False where names are looked up or clients choose: who answers is then not the mesh's to know.</summary>
    internal bool HasKnownEndpoints => !IsEntry || Resolution == ServiceResolution.Known;

    /// <summary>Headless: the client chooses the endpoint, so the proxy passes through.</summary>
    internal bool IsPassthrough => Resolution == ServiceResolution.Passthrough;

    /// <summary>The names of its endpoints are looked up: without an endpoint there is nothing to look up, and no cluster.</summary>
    internal bool IsLookedUp => Resolution is ServiceResolution.Dns or ServiceResolution.DnsRoundRobin;

    /// <summary>Of a name that is looked up, connections to all addresses are tried.</summary>
    internal bool TriesAllAddresses { get; init; }

    /// <summary>Each request's own name is looked up.</summary>
    internal bool LooksUpRequests => Resolution == ServiceResolution.DynamicDns && HostName.IsWildcard(Host);

    /// <summary><c>internalTrafficPolicy: Local</c>: clients reach the endpoints of their own node.</summary>
    internal bool IsNodeLocal { get; init; }

    /// <summary>What an <c>ExternalName</c> service stands for; null for any other.</summary>
    internal string? ExternalName { get; init; }

    /// <summary>An <c>ExternalName</c> service: another name, without clusters of its own.</summary>
    internal bool IsAlias => ExternalName is not null;

    internal required RegisteredPort[] Ports { get; set; }

    /// <summary>The namespaces that see it, as written (<c>*</c>, <c>.</c>, <c>~</c>, names).</summary>
    internal required IReadOnlyList<string> ExportTo
    {
        get;
        init => (field, IsPublic) = (value, value.Contains("*"));
    }

    internal bool IsPublic { get; private init; }

    /// <summary>Of endpoints those that clients on some nodes reach (<c>filterIstioEndpoint</c> in pilot/pkg/xds/endpoints/endpoint_builder.go).</summary>
    internal IEnumerable<RegisteredEndpoint> Reached(IEnumerable<RegisteredEndpoint> endpoints, IReadOnlyCollection<string> nodes) =>
        IsNodeLocal ? endpoints.Where(endpoint => endpoint.Pod is { } pod && nodes.Contains(pod.Node)) : endpoints;

    internal RegisteredPort? Port(int number) => Array.Find(Ports, port => port.Number == number);

    /// <summary>Of services with one host the one that a namespace knows: its own, else Kubernetes', else the first.</summary>
    internal static RegisteredService? Chosen(IEnumerable<RegisteredService> services, string @namespace) =>
        services.OrderBy(service => service.Namespace != @namespace).ThenBy(service => service.IsEntry).FirstOrDefault();

    /// <summary>True where no other service of the host is chosen by those who see all that is exported to the namespace.</summary>
    internal bool IsKnownTo(string @namespace) =>
        IsVisibleTo(@namespace)
        && (OfSameHost is null || Chosen(OfSameHost.Where(service => service.IsVisibleTo(@namespace)).OrderBy(service => service.IsPublic), @namespace) == this);

    /// <summary>Source: <c>initServiceRegistry</c> in pilot/pkg/model/push_context.go.</summary>
    internal bool IsVisibleTo(string @namespace) =>
        IsPublic || (!ExportTo.Contains("~") && IsExportedTo(@namespace));

    /// <summary>
    /// The same where the service is asked for by its name: <c>~</c> beside namespaces does not keep those from it
    /// (<c>IsServiceVisible</c> in pilot/pkg/model/push_context.go).
    /// </summary>
    internal bool IsExportedTo(string @namespace) =>
        IsPublic || ExportTo.Contains(@namespace) || (@namespace == Namespace && ExportTo.Contains("."));

    /// <summary>True where a VirtualService can lead clients of the namespace to it: in its own namespace whatever it is exported to.</summary>
    internal bool IsDestinationOf(string @namespace) =>
        IsExportedTo(@namespace) || (Namespace == @namespace && !ReferenceEquals(ExportTo, Discovery.Hidden));
}

/// <summary>A port of a service with what is behind it.</summary>
internal sealed class RegisteredPort
{
    internal required string Name { get; init; }

    internal required int Number { get; init; }

    internal required PortProtocol Protocol { get; init; }

    /// <summary>Finds what is behind it: called when that is first asked for.</summary>
    internal Func<PortEndpoints> Find { private get; init; } = () => PortEndpoints.None;

    /// <summary>Those that are ready.</summary>
    internal RegisteredEndpoint[] Endpoints { get => field ?? Found.Ready; set; }

    /// <summary>Those that are not: they get no requests, but proxies are told of them.</summary>
    internal RegisteredEndpoint[] Unready => Found.Unready;

    private PortEndpoints Found => field ??= Find();
}

/// <summary>An endpoint of a service port.</summary>
/// <param name="Address">The IP; for a host whose name is looked up, the name; of a socket the path, and its port is 0.</param>
/// <param name="Port">The workload port.</param>
/// <param name="Namespace">The namespace of the pod.</param>
/// <param name="Pod">The pod, or the workload of a ServiceEntry as one; null where the snapshot has none behind the address.</param>
internal sealed record RegisteredEndpoint(string Address, int Port, string Namespace, PodRecord? Pod)
{
    internal bool AcceptsMutualTls => Pod?.AcceptsIstioMutualTls == true;

    /// <summary>Nothing says that it takes TLS of any kind (<c>GetTLSModeFromEndpointLabels</c> in pilot/pkg/model/service.go).</summary>
    internal bool TakesNoTls => (Pod?.Labels[IstioNames.TlsModeLabel] ?? "disabled") == "disabled";

    /// <summary>Where it runs, as labels that istiod adds to its own.</summary>
    internal LabelSet Topology { get; init; } = LabelSet.Empty;

    /// <summary>An IP or a socket: names cannot be told to proxies as endpoints.</summary>
    internal bool CanBeTold => Port == 0 || IPAddress.TryParse(Address, out _);

    /// <summary>True where it is in a subset with these labels.</summary>
    internal bool IsIn(LabelSet subset)
    {
        for (var index = 0; index < subset.Count; index++)
        {
            var (key, value) = subset[index];
            if ((Topology[key] ?? Pod?.Labels[key]) != value)
                return false;
        }

        return true;
    }
}
