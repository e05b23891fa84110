using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The names of the mesh's services.</summary>
public sealed class ServiceCompleter : MeshStateCompleter
{
    internal static readonly ApiResource Services = new("", "v1", "services", "Service", Namespaced: true, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        Candidates((await ClusterObjects.ReadAsync(kubeconfig, context, Services, cancellationToken)).Select(service => (service.Namespace!, service.Name)));

    /// <inheritdoc/>
    protected override IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh) => Candidates(mesh.Services.Select(service => (service.Namespace, service.Name)));

    private static CompletionCandidate[] Candidates(IEnumerable<(string Namespace, string Name)> services) =>
        [.. services.GroupBy(service => service.Name).Select(group => new CompletionCandidate(group.Key, $"Service {group.Key} in {string.Join(", ", group.Select(service => service.Namespace))}"))];
}
