namespace VoiceCore.Istio.Core.Resolution;

/// <summary>How a client's proxy finds the endpoints of a service. Source: <c>Resolution</c> in pilot/pkg/model/service.go.</summary>
internal enum ServiceResolution
{
    /// <summary>istiod tells them.</summary>
    Known,

    /// <summary>The client chooses: headless services, entries without resolution.</summary>
    Passthrough,

    /// <summary>The names of the endpoints are looked up, all their addresses used.</summary>
    Dns,

    /// <summary>The name of the one endpoint is looked up, one address used at a time.</summary>
    DnsRoundRobin,

    /// <summary>The name that each request asks for is looked up; of a host that is no wildcard nothing is.</summary>
    DynamicDns,
}
