using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A Sidecar.</summary>
public sealed record Sidecar : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public Sidecar()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal Sidecar(IstioObject common)
        : base(common)
    {
    }

    /// <summary><c>workloadSelector.labels</c>; null where it is for all workloads.</summary>
    public LabelSet? WorkloadSelector { get; init; }

    /// <summary>The egress listeners in order; none means <c>*/*</c>.</summary>
    public IReadOnlyList<SidecarEgress> Egress { get; init; } = [];

    /// <summary>The ingress listeners.</summary>
    public IReadOnlyList<SidecarIngress> Ingress { get; init; } = [];

    /// <summary><c>outboundTrafficPolicy.mode</c>; null = the mesh's.</summary>
    public string? OutboundTrafficPolicy { get; init; }

    /// <summary><c>outboundTrafficPolicy.egressProxy</c>: where calls to unknown destinations go; null = to their destinations.</summary>
    public RouteDestination? EgressProxy { get; init; }
}

/// <summary>An egress listener.</summary>
/// <param name="Hosts">Each <c>namespace/dnsName</c>.</param>
/// <param name="Port">The port it captures; 0 = every port, or a socket.</param>
/// <param name="Protocol">The port's protocol; empty without a port.</param>
/// <param name="Bind">The address or socket it binds to; empty as a rule.</param>
public sealed record SidecarEgress(IReadOnlyList<string> Hosts, int Port, string Protocol, string Bind)
{
    /// <summary>True for a proxy that clients know of and send every request to, whatever its port.</summary>
    public bool IsProxy => Port != 0 && Protocol.Equals("HTTP_PROXY", StringComparison.OrdinalIgnoreCase);

    /// <summary>True where it listens on a Unix socket, for requests to whatever port.</summary>
    public bool IsSocket => Port == 0 && Protocol.Length > 0;

    /// <summary>True where it imports its port only; a listener for an HTTP proxy imports all ports.</summary>
    public bool CapturesPort => Port != 0 && !IsProxy;
}

/// <summary>An ingress listener.</summary>
/// <param name="Port">The workload port.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="HasTls">True where TLS settings are given; they count only where the port's mTLS mode is DISABLE.</param>
public sealed record SidecarIngress(int Port, string Protocol, bool HasTls);
