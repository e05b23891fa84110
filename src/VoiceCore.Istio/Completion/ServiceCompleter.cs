using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>The names of the cluster's services.</summary>
public sealed class ServiceCompleter : MeshCompleter
{
    internal static readonly ApiResource Services = new("", "v1", "services", "Service", Namespaced: true, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        var services = await ClusterObjects.ReadAsync(kubeconfig, context, Services, cancellationToken);
        return services.GroupBy(service => service.Name)
            .Select(group => new CompletionCandidate(group.Key, $"Service {group.Key} in {string.Join(", ", group.Select(service => service.Namespace))}"))
            .ToArray();
    }
}
