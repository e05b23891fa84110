namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a protocol means to the mesh.</summary>
internal static class ServiceProtocols
{
    /// <summary>Whether a sidecar sees requests on the port, so that routes, time-outs and retries hold.</summary>
    internal static bool IsHttp(this ServiceProtocol protocol) =>
        protocol is ServiceProtocol.Http or ServiceProtocol.Http2 or ServiceProtocol.Grpc;

    /// <summary>The <c>appProtocol</c> by which Istio selects the protocol of a port.</summary>
    internal static string AppProtocol(this ServiceProtocol protocol) => protocol.Text().ToLowerInvariant();
}
