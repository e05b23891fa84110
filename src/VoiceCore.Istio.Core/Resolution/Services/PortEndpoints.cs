namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What is behind a port of a service.</summary>
/// <param name="Ready">Those that get requests.</param>
/// <param name="Unready">Those that get none, but proxies are told of them.</param>
internal sealed record PortEndpoints(RegisteredEndpoint[] Ready, RegisteredEndpoint[] Unready)
{
    internal static readonly PortEndpoints None = new([], []);
}
