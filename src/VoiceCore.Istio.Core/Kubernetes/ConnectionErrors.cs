using System.Net.Sockets;
using System.Security.Authentication;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>From a connection that could not be made, or broke, to the error that a person can act on.</summary>
internal static class ConnectionErrors
{
    internal static MeshException From(HttpRequestException failure, ClusterConnection connection) =>
        failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Error(nameof(KubernetesText.ClusterNameNotResolved), failure, connection),
            HttpRequestError.SecureConnectionError => Error(nameof(KubernetesText.ClusterTlsFailed), failure, connection),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded =>
                Protocol(Reason(failure), connection, failure),
            _ => Error(nameof(KubernetesText.ClusterUnreachable), failure, connection),
        };

    internal static MeshException NoAnswer(Exception failure, ClusterConnection connection) =>
        Error(nameof(KubernetesText.ClusterUnreachable), failure.InnerException ?? failure, connection);

    internal static MeshException Protocol(string reason, ClusterConnection connection, Exception? failure) =>
        Error(nameof(KubernetesText.ClusterProtocolFailed), MeshErrorCategory.ProtocolError, reason, failure, connection);

    private static MeshException Error(string id, Exception failure, ClusterConnection connection) =>
        Error(id, MeshErrorCategory.ConnectionError, Reason(failure), failure, connection);

    private static MeshException Error(string id, MeshErrorCategory category, string reason, Exception? failure, ClusterConnection connection) =>
        KubernetesErrors.Error(id, category, connection.Server, failure, connection.Server, connection.Context, MeshException.Sentence(reason));

    // The innermost exception of a connection says what happened; those around it only that something did.
    private static string Reason(Exception failure)
    {
        var reason = failure;
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException or AuthenticationException or IOException)
                reason = inner;
        }

        return reason.Message;
    }
}
