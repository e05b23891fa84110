using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The namespaces of the mesh, with what their labels say of injection.</summary>
public sealed class NamespaceCompleter : MeshStateCompleter
{
    private static readonly ApiResource Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        [.. (await ClusterObjects.ReadAsync(kubeconfig, context, Namespaces, cancellationToken)).Select(item => Candidate(item.Name, item.Label))];

    /// <inheritdoc/>
    protected override IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh)
    {
        var labels = mesh.Namespaces.ToDictionary(item => item.Name, item => item.Labels, StringComparer.Ordinal);
        return [.. mesh.NamespaceNames.Where(name => name.Length > 0).Select(name => Candidate(name, label => labels.GetValueOrDefault(name, LabelSet.Empty)[label]))];
    }

    // With both labels, istio-injection is the one that counts.
    private static CompletionCandidate Candidate(string name, Func<string, string?> label) => new(name, (label(IstioNames.Injection), label(IstioNames.Revision)) switch
    {
        ({ } injection, _) => $"Namespace {name}, {IstioNames.Injection}={injection}",
        (_, { } revision) => $"Namespace {name}, {IstioNames.Revision}={revision}",
        _ => $"Namespace {name}, no injection label",
    });
}
