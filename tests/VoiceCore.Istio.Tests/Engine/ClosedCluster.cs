namespace VoiceCore.Istio.Tests.Engine;

/// <summary>A cluster that does not answer: nothing listens there.</summary>
internal static class ClosedCluster
{
    internal const string Kubeconfig =
        """
        apiVersion: v1
        kind: Config
        current-context: closed
        contexts: [{ name: closed, context: { cluster: closed, user: someone } }]
        clusters: [{ name: closed, cluster: { server: "http://127.0.0.1:1" } }]
        users: [{ name: someone, user: {} }]
        """;
}
