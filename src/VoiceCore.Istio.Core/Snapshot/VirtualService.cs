using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A VirtualService.</summary>
public sealed record VirtualService : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public VirtualService()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal VirtualService(IstioObject common)
        : base(common)
    {
    }

    /// <summary>The hosts as written.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The gateways as written; empty means the sidecars (<c>mesh</c>).</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary><c>exportTo</c> as written; empty means the mesh's default.</summary>
    public IReadOnlyList<string> ExportTo { get; init; } = [];

    /// <summary>The HTTP routes in order.</summary>
    public IReadOnlyList<HttpRoute> Http { get; init; } = [];

    /// <summary>The <c>tcp</c> routes in order.</summary>
    public IReadOnlyList<ConnectionRoute> TcpRoutes { get; init; } = [];

    /// <summary>The <c>tls</c> routes in order.</summary>
    public IReadOnlyList<ConnectionRoute> TlsRoutes { get; init; } = [];

    /// <summary>Destinations of <c>tcp</c> and <c>tls</c> routes.</summary>
    internal IEnumerable<RouteDestination> Connections => TcpRoutes.Concat(TlsRoutes).SelectMany(route => route.Destinations);

    /// <summary>The field managers that wrote it (<c>metadata.managedFields</c>).</summary>
    public IReadOnlyList<string> Managers { get; init; } = [];

    /// <summary>The tools whose marks it carries.</summary>
    public IReadOnlyList<ManagingTool> Tools { get; init; } = [];
}

/// <summary>An HTTP route.</summary>
public sealed record HttpRoute
{
    /// <summary>The route's name, or empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The conditions, any of which is enough; none matches everything.</summary>
    public IReadOnlyList<HttpMatch> Matches { get; init; } = [];

    /// <summary>Where requests go.</summary>
    public IReadOnlyList<RouteDestination> Destinations { get; init; } = [];

    /// <summary><c>redirect</c> is given: requests are answered, not forwarded.</summary>
    public bool IsRedirect { get; init; }

    /// <summary><c>directResponse</c> is given: requests are answered, not forwarded.</summary>
    public bool IsDirectResponse { get; init; }

    /// <summary>The delegate VirtualService, <c>namespace/name</c> as written (namespace may be empty); null where there is none.</summary>
    public (string Namespace, string Name)? Delegate { get; init; }

    /// <summary><c>timeout</c>; null = none given, zero = switched off. Both mean no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary><c>retries</c>; null = the mesh's default.</summary>
    public HttpRetry? Retries { get; init; }

    /// <summary><c>mirror</c>; null where there is none.</summary>
    public RouteDestination? Mirror { get; init; }

    /// <summary>The share of <see cref="Mirror"/> in percent (<c>mirrorPercentage</c> or, of old, <c>mirrorPercent</c>); null = all.</summary>
    public double? MirrorPercent { get; init; }

    /// <summary><c>mirrors</c>.</summary>
    public IReadOnlyList<HttpMirror> MirrorPolicies { get; init; } = [];

    /// <summary>All mirrors, <see cref="Mirror"/> first.</summary>
    public IEnumerable<HttpMirror> Mirrors => Mirror is null ? MirrorPolicies : MirrorPolicies.Prepend(new HttpMirror(Mirror, MirrorPercent));

    /// <summary>True where a fault is injected.</summary>
    public bool HasFault { get; init; }
}

/// <summary>A condition of an HTTP route. All parts must hold.</summary>
public sealed record HttpMatch
{
    /// <summary>The condition's name, or empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path.</summary>
    public StringMatch? Uri { get; init; }

    /// <summary>The method.</summary>
    public StringMatch? Method { get; init; }

    /// <summary>The authority (host header).</summary>
    public StringMatch? Authority { get; init; }

    /// <summary>The scheme.</summary>
    public StringMatch? Scheme { get; init; }

    /// <summary>Headers that must be there, in ordinal order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, StringMatch>> Headers { get; init; } = [];

    /// <summary>Headers that must not be there.</summary>
    public IReadOnlyList<KeyValuePair<string, StringMatch>> WithoutHeaders { get; init; } = [];

    /// <summary>Query parameters.</summary>
    public IReadOnlyList<KeyValuePair<string, StringMatch>> QueryParameters { get; init; } = [];

    /// <summary>The port that the client called; 0 = any.</summary>
    public int Port { get; init; }

    /// <summary>Labels of the client.</summary>
    public LabelSet SourceLabels { get; init; } = LabelSet.Empty;

    /// <summary>Namespace of the client; empty = any.</summary>
    public string SourceNamespace { get; init; } = "";

    /// <summary>Gateways that the condition is for; empty = those of the VirtualService.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary><c>ignoreUriCase</c>.</summary>
    public bool IgnoreUriCase { get; init; }

    /// <summary>True where it does not matter who calls.</summary>
    internal bool IsForEveryone => Port == 0 && SourceLabels.Count == 0 && SourceNamespace.Length == 0 && Gateways.Count == 0;
}

/// <summary>How a text is compared.</summary>
public enum StringMatchKind
{
    /// <summary>The key must be there, with whatever value.</summary>
    Present,

    /// <summary>Equal.</summary>
    Exact,

    /// <summary>Begins with.</summary>
    Prefix,

    /// <summary>RE2 expression.</summary>
    Regex,
}

/// <summary>A comparison of a text.</summary>
/// <param name="Kind">How.</param>
/// <param name="Value">With what.</param>
public sealed record StringMatch(StringMatchKind Kind, string Value);

/// <summary>Where a route leads.</summary>
/// <param name="Host">The host as written.</param>
/// <param name="Subset">The subset, or empty.</param>
/// <param name="Port">The port; 0 where not given.</param>
/// <param name="Weight">The weight; 0 where not given.</param>
public sealed record RouteDestination(string Host, string Subset, int Port, int Weight);

/// <summary>A mirror of an HTTP route.</summary>
/// <param name="Destination">Where copies go.</param>
/// <param name="Percent">The share in percent; null = all.</param>
public sealed record HttpMirror(RouteDestination Destination, double? Percent);

/// <summary>A retry policy.</summary>
public sealed record HttpRetry
{
    /// <summary>Retries beyond the first try; 0 switches retries off.</summary>
    public int Attempts { get; init; }

    /// <summary>Time of one try; null = the route's time-out.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>Base of the waits between tries; null = Envoy's 25 ms.</summary>
    public TimeSpan? BackOff { get; init; }

    /// <summary>What is retried, as written; empty = Istio's default.</summary>
    public string RetryOn { get; init; } = "";
}
