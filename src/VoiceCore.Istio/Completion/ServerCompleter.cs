using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The services of the mesh as <c>namespace/name</c>.</summary>
public sealed class ServerCompleter : MeshStateCompleter
{
    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        Candidates((await ClusterObjects.ReadAsync(kubeconfig, context, ServiceCompleter.Services, cancellationToken)).Select(service => (service.Namespace!, service.Name)));

    /// <inheritdoc/>
    protected override IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh) => Candidates(mesh.Services.Select(service => (service.Namespace, service.Name)));

    private static CompletionCandidate[] Candidates(IEnumerable<(string Namespace, string Name)> services) =>
        [.. services.Select(service => new CompletionCandidate($"{service.Namespace}/{service.Name}", $"Service {service.Name} in namespace {service.Namespace}"))];
}
