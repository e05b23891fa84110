namespace VoiceCore.Istio.Completion;

/// <summary>The cluster's services as <c>namespace/name</c>.</summary>
public sealed class ServerCompleter : MeshCompleter
{
    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        (await ClusterObjects.ReadAsync(kubeconfig, context, ServiceCompleter.Services, cancellationToken))
            .Select(service => new CompletionCandidate($"{service.Namespace}/{service.Name}", $"Service {service.Name} in namespace {service.Namespace}"))
            .ToArray();
}
