using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>Reads the services that completers offer.</summary>
internal static class ClusterServices
{
    // Known without discovery, which would be one more request.
    private static readonly ApiResource Services = new("", "v1", "services", "Service", Namespaced: true, ["list"]);

    internal static async Task<IReadOnlyList<KubernetesObject>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        using var api = KubernetesApiFactory.Create(kubeconfig, context);
        var services = new List<KubernetesObject>();
        await foreach (var service in api.ListAsync(Services, @namespace: null, ListOptions.All, cancellationToken))
            services.Add(service);
        return services;
    }
}
