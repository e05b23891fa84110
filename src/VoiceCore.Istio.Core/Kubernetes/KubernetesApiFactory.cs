namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Makes the client from a kubeconfig (files of <c>-Kubeconfig</c>, else of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>, else in-cluster).</summary>
public static class KubernetesApiFactory
{
    /// <summary>
    /// Connects nothing yet: reads and checks the configuration. <paramref name="kubeconfig"/> is one path or several, separated as in
    /// <c>KUBECONFIG</c>; a null <paramref name="context"/> means the current context.
    /// </summary>
    public static KubernetesApi Create(string? kubeconfig, string? context) => throw new NotImplementedException();
}
