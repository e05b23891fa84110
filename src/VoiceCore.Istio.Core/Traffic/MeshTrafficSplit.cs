using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>How one HTTP route of a VirtualService splits its requests.</summary>
public sealed record MeshTrafficSplit
{
    /// <summary>The VirtualService's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService's name.</summary>
    public required string VirtualService { get; init; }

    /// <summary>The service that the route leads to first: its name, or its full host where it is in another namespace than the VirtualService.</summary>
    public required string Service { get; init; }

    /// <summary>The VirtualService's hosts as written.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The VirtualService's gateways as written; empty means the sidecars.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>The route's place among the HTTP routes, from 0. The first route that matches a request takes it.</summary>
    public required int Route { get; init; }

    /// <summary>The route's name, or empty.</summary>
    public string RouteName { get; init; } = "";

    /// <summary>Which requests the route takes, such as <c>GET /api* x-canary=true</c>; <c>*</c> for all.</summary>
    public string Match { get; init; } = "*";

    /// <summary>The headers that every request of the route has, each with its value (<c>*</c>, <c>prefix*</c> or <c>~expression</c> where it is no single one).</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the requests go, in the order of the route.</summary>
    public IReadOnlyList<TrafficShare> Shares { get; init; } = [];

    /// <summary>Where copies go.</summary>
    public IReadOnlyList<TrafficMirror> Mirrors { get; init; } = [];

    /// <summary>The tools that keep the VirtualService as they want it.</summary>
    public IReadOnlyList<ManagingTool> Owners { get; init; } = [];

    /// <summary>The field managers that wrote the VirtualService.</summary>
    public IReadOnlyList<string> Managers { get; init; } = [];

    /// <summary>What does not work as it looks.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{(Match == "*" ? "" : $"[{Match}] ")}{string.Join(", ", Shares)}{(Mirrors.Count > 0 ? $" (mirror {string.Join(", ", Mirrors)})" : "")}";
}
