using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A route of a virtual host, as a client's proxy has it.</summary>
internal sealed record OutboundRoute
{
    internal string Name { get; init; } = "default";

    /// <summary>The condition; null = every request.</summary>
    internal HttpMatch? Match { get; init; }

    /// <summary>The VirtualService that gave it; null for the route of a service that has none.</summary>
    internal VirtualService? VirtualService { get; init; }

    /// <summary>The route as written, with what a delegate's root adds; null without a VirtualService.</summary>
    internal HttpRoute? Written { get; init; }

    /// <summary>Answered by the proxy itself: a redirect or a direct response.</summary>
    internal bool IsAnswered => Written is { IsRedirect: true } or { IsDirectResponse: true };

    /// <summary>Where requests go; none where the proxy answers.</summary>
    internal IReadOnlyList<RouteCluster> Clusters { get; init; } = [];

    /// <summary>The clusters share requests by weight; a single destination gets all, whatever its weight.</summary>
    internal bool IsWeighted { get; init; }

    /// <summary>The time-out; zero = none.</summary>
    internal TimeSpan Timeout { get; init; }

    /// <summary>The retries; null = none.</summary>
    internal RouteRetries? Retries { get; init; }

    internal IReadOnlyList<RouteMirror> Mirrors { get; init; } = [];
}

/// <summary>A cluster that a route leads to.</summary>
internal sealed record RouteCluster(string Host, int Port, string Subset, int Weight)
{
    internal string Name => $"outbound|{Port}|{Subset}|{Host}";
}

/// <summary>A cluster that gets copies.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Percent">The share in percent; null = every request, without having been asked for.</param>
internal sealed record RouteMirror(RouteCluster Cluster, double? Percent);

/// <summary>A virtual host of a route configuration.</summary>
internal sealed record VirtualHost(string Name, IReadOnlyList<OutboundRoute> Routes);
