namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Time-out, retries and destinations of one route that some clients have to a port of a service.</summary>
/// <param name="Namespace">The service's namespace.</param>
/// <param name="Service">The service.</param>
/// <param name="Port">The service's port.</param>
/// <param name="Route">The route's place: the first whose condition holds is taken; 1 is the first.</param>
/// <param name="Match">The condition; <c>*</c> for every request.</param>
/// <param name="Clients">The clients, by namespace, or as namespace/app where those of a namespace differ. None where the mesh has no clients.</param>
/// <param name="VirtualService">The VirtualService that gives the route, as namespace/name; null for none.</param>
/// <param name="Action">Whether requests are passed on or answered.</param>
/// <param name="Destinations">Where requests go; none where they are answered.</param>
/// <param name="Mirrors">Where copies go.</param>
/// <param name="Timeout">Time for a request with all its tries; null = no limit.</param>
/// <param name="TimeoutOrigin">Who said so.</param>
/// <param name="Attempts">Retries beyond the first try, as a VirtualService counts them; 0 = none.</param>
/// <param name="PerTryTimeout">Time of one try; null = no limit of its own.</param>
/// <param name="RetryOn">Envoy's conditions of a retry and status codes.</param>
/// <param name="RetriesOrigin">Who said so.</param>
/// <param name="LongestDuration">The longest that a request can take with all tries and the waits between them; null = no limit.</param>
/// <param name="Reasons">What of it cannot work, and why.</param>
public sealed record MeshTimeout(
    string Namespace,
    string Service,
    int Port,
    int Route,
    string Match,
    IReadOnlyList<string> Clients,
    string? VirtualService,
    RouteAction Action,
    IReadOnlyList<MeshRouteDestination> Destinations,
    IReadOnlyList<MeshRouteDestination> Mirrors,
    TimeSpan? Timeout,
    SettingOrigin TimeoutOrigin,
    int Attempts,
    TimeSpan? PerTryTimeout,
    IReadOnlyList<string> RetryOn,
    SettingOrigin RetriesOrigin,
    TimeSpan? LongestDuration,
    IReadOnlyList<string> Reasons)
{
    /// <summary>Tries in all: the first and its retries.</summary>
    public int Tries => Attempts + 1;
}
