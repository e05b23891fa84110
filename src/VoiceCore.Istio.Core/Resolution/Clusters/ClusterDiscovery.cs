namespace VoiceCore.Istio.Core.Resolution;

/// <summary>How a cluster finds its endpoints. Source: <c>convertResolution</c> and <c>buildDFPCluster</c> in pilot/pkg/networking/core.</summary>
internal enum ClusterDiscovery
{
    /// <summary>From istiod.</summary>
    Eds,

    /// <summary>The address that the client chose.</summary>
    OriginalDestination,

    /// <summary>All addresses of the endpoints' names.</summary>
    StrictDns,

    /// <summary>One address of the endpoint's name.</summary>
    LogicalDns,

    /// <summary>The name that the request asks for.</summary>
    DynamicForwardProxy,
}
