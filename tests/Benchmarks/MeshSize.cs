namespace VoiceCore.Istio.Benchmarks;

/// <summary>How large a mesh is.</summary>
/// <param name="Name">Its name in figures.</param>
/// <param name="Namespaces">Namespaces of workloads.</param>
/// <param name="Services">Services, spread over the namespaces; each has an EndpointSlice.</param>
/// <param name="Pods">Pods, spread over the services.</param>
/// <param name="DestinationRules">DestinationRules, one a service.</param>
/// <param name="VirtualServices">VirtualServices, one a service.</param>
/// <param name="PeerAuthentications">PeerAuthentications: the mesh's, then a namespace's, then those of workloads.</param>
/// <param name="AuthorizationPolicies">AuthorizationPolicies of workloads.</param>
/// <param name="Sidecars">Namespaces that a Sidecar narrows.</param>
internal sealed record MeshSize(
    string Name, int Namespaces, int Services, int Pods, int DestinationRules, int VirtualServices, int PeerAuthentications, int AuthorizationPolicies, int Sidecars)
{
    /// <summary>A service with one of each kind.</summary>
    internal static readonly MeshSize One = new("One", Namespaces: 1, Services: 1, Pods: 1, DestinationRules: 1, VirtualServices: 1, PeerAuthentications: 2, AuthorizationPolicies: 1, Sidecars: 1);

    internal static readonly MeshSize S = new("S", Namespaces: 1, Services: 8, Pods: 24, DestinationRules: 8, VirtualServices: 8, PeerAuthentications: 2, AuthorizationPolicies: 8, Sidecars: 1);

    internal static readonly MeshSize M = new("M", Namespaces: 20, Services: 1000, Pods: 2000, DestinationRules: 1000, VirtualServices: 1000, PeerAuthentications: 40, AuthorizationPolicies: 200, Sidecars: 5);

    internal static readonly MeshSize L = new("L", Namespaces: 50, Services: 5000, Pods: 20_000, DestinationRules: 1200, VirtualServices: 1000, PeerAuthentications: 100, AuthorizationPolicies: 180, Sidecars: 20);

    internal static readonly MeshSize XL = new("XL", Namespaces: 200, Services: 20_000, Pods: 100_000, DestinationRules: 4500, VirtualServices: 4000, PeerAuthentications: 400, AuthorizationPolicies: 1000, Sidecars: 100);
}
