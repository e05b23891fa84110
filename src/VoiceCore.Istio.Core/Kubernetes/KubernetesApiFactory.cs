using k8s;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Makes the client from a kubeconfig (files of <c>-Kubeconfig</c>, else of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>, else in-cluster).</summary>
public static class KubernetesApiFactory
{
    private const string InCluster = "in-cluster";

    /// <summary>
    /// Connects nothing yet: reads and checks the configuration. <paramref name="kubeconfig"/> is one path or several, separated as in
    /// <c>KUBECONFIG</c>, whose own relative paths start at <paramref name="folder"/>; a null <paramref name="context"/> means the current context.
    /// </summary>
    /// <exception cref="MeshException">NoKubeconfig, KubeconfigNotFound, KubeconfigInvalid, ContextNotFound or NoCurrentContext.</exception>
    public static KubernetesApi Create(string? kubeconfig, string? context, string? folder = null) => Create(kubeconfig, context, folder, TimeProvider.System);

    internal static KubernetesApi Create(string? kubeconfig, string? context, string? folder, TimeProvider clock)
    {
        var files = Kubeconfig.Load(kubeconfig, folder);
        if (files is not null)
            return Create(files, context, clock);
        if (context is not (null or InCluster) || !KubernetesClientConfiguration.IsInCluster())
            throw KubernetesErrors.NoKubeconfig(DefaultKubeconfig.Path);

        var configuration = KubernetesClientConfiguration.InClusterConfig();
        return new KubernetesApi(
            new ClusterConnection(InCluster, new Uri(configuration.Host), User: null, Namespace(configuration.Namespace), KubeconfigPaths: [], IsSandbox: false),
            ApiConnection.Create(configuration),
            clock);
    }

    private static KubernetesApi Create(Kubeconfig files, string? context, TimeProvider clock)
    {
        var entry = files.Resolve(context);
        if (!Uri.TryCreate(entry.Endpoint.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw KubernetesErrors.KubeconfigInvalid(entry.EndpointFile, $"the cluster of context '{entry.Context}' has no http or https address as its server");
        var facts = entry.SandboxFacts;
        var connection = new ClusterConnection(entry.Context, server, entry.User?.Name, Namespace(entry.Details.Namespace), files.Paths, IsSandbox: facts is not null);
        return new KubernetesApi(
            facts is null ? connection : connection with { SandboxFacts = facts },
            ApiConnection.Create(entry, clock),
            clock);
    }

    private static string Namespace(string? configured) => string.IsNullOrWhiteSpace(configured) ? "default" : configured.Trim();
}
