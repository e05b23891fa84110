using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The protocol of a service port as Istio takes it.</summary>
public enum PortProtocol
{
    /// <summary>Not told by name or <c>appProtocol</c>: the proxy looks at the first bytes.</summary>
    Auto,

    /// <summary>HTTP/1.1.</summary>
    Http,

    /// <summary>HTTP/2 in cleartext.</summary>
    Http2,

    /// <summary>gRPC.</summary>
    Grpc,

    /// <summary>gRPC-Web.</summary>
    GrpcWeb,

    /// <summary>HTTPS, passed on as TLS.</summary>
    Https,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>TCP without a look inside (also <c>mongo</c>, <c>mysql</c> and <c>redis</c>).</summary>
    Tcp,

    /// <summary>UDP: no mesh.</summary>
    Udp,
}

/// <summary>Tells protocols. Source: <c>ConvertProtocol</c> in pkg/config/kube/conversion.go and <c>Parse</c> in pkg/config/protocol/instance.go.</summary>
internal static class PortProtocols
{
    internal static PortProtocol Of(ServicePortRecord port)
    {
        if (port.Protocol == "UDP")
            return PortProtocol.Udp;
        switch (port.AppProtocol)
        {
            case "kubernetes.io/h2c":
                return PortProtocol.Http2;
            case "kubernetes.io/ws":
                return PortProtocol.Http;
            case "kubernetes.io/wss":
                return PortProtocol.Https;
        }

        var name = port.AppProtocol ?? port.Name;
        if (name.StartsWith("grpc-web", StringComparison.OrdinalIgnoreCase))
            return PortProtocol.GrpcWeb;
        var protocol = Parse(name.Split('-')[0]);
        // Servers on these ports speak first, which looking at the client's first bytes would break.
        return protocol == PortProtocol.Auto && port.Port is (25 or 53 or 3306 or 27017) ? PortProtocol.Tcp : protocol;
    }

    /// <summary>True where routes of HTTP apply: known to be HTTP, or found out at run time.</summary>
    internal static bool HasRoutes(this PortProtocol protocol) =>
        protocol is PortProtocol.Auto or PortProtocol.Http or PortProtocol.Http2 or PortProtocol.Grpc or PortProtocol.GrpcWeb;

    /// <summary>The protocol of a name; <see cref="PortProtocol.Auto"/> where it is none.</summary>
    internal static PortProtocol Parse(string name) => name.ToLowerInvariant() switch
    {
        "http" or "http_proxy" => PortProtocol.Http,
        "http2" => PortProtocol.Http2,
        "grpc" => PortProtocol.Grpc,
        "grpc-web" => PortProtocol.GrpcWeb,
        "https" => PortProtocol.Https,
        "tls" => PortProtocol.Tls,
        "tcp" or "mongo" or "mysql" or "redis" => PortProtocol.Tcp,
        "udp" => PortProtocol.Udp,
        _ => PortProtocol.Auto,
    };
}
