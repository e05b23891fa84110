using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The one client of the Kubernetes API: untyped JSON over the connection that KubernetesClient makes (credentials, TLS, exec plugins),
/// with the one retry policy. Every failure is a <see cref="Errors.MeshException"/>.
/// </summary>
public sealed class KubernetesApi : IDisposable
{
    /// <summary>What it is connected to.</summary>
    public ClusterConnection Connection => throw new NotImplementedException();

    /// <summary>The version of the API server, such as <c>v1.32.4</c>.</summary>
    public Task<string> GetServerVersionAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The resource that serves a kind, in the group's preferred version or in the asked one; null where it is not served.</summary>
    public Task<ApiResource?> FindResourceAsync(string group, string kind, string? version, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Forgets what discovery said: CRDs were installed or removed.</summary>
    public void ResetDiscovery() => throw new NotImplementedException();

    /// <summary>The object, or null where it (or its kind) does not exist.</summary>
    public Task<KubernetesObject?> GetAsync(ObjectReference reference, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Objects as they come, page by page. A null namespace means all.</summary>
    public IAsyncEnumerable<KubernetesObject> ListAsync(ApiResource resource, string? @namespace, ListOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The pages of a list as raw UTF-8 JSON, for readers that parse by themselves.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ListPagesAsync(ApiResource resource, string? @namespace, ListOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Creates the object; returns what the server made of it (admission included).</summary>
    public Task<KubernetesObject> CreateAsync(KubernetesObject body, WriteOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Server-side apply; returns the object as it is (or with dry run would be) afterwards.</summary>
    public Task<KubernetesObject> ApplyAsync(KubernetesObject body, ApplyOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>JSON merge patch.</summary>
    public Task<KubernetesObject> MergePatchAsync(ObjectReference reference, JsonObject patch, WriteOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes the object; false where it does not exist. A resource version or UID in the options makes the deletion conditional.</summary>
    public Task<bool> DeleteAsync(ObjectReference reference, DeleteOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Whether the caller may do this (SelfSubjectAccessReview).</summary>
    public Task<bool> CanAsync(string verb, ApiResource resource, string? @namespace, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Changes of a collection from a resource version on, reconnecting as needed.</summary>
    public IAsyncEnumerable<WatchEvent> WatchAsync(ApiResource resource, string? @namespace, ListOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>HTTP GET of a port of a pod, through the API server's port-forward.</summary>
    public Task<PodHttpResponse> GetFromPodAsync(string @namespace, string pod, int port, string pathAndQuery, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
