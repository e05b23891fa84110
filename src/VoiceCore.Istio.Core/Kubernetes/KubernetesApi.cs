using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The one client of the Kubernetes API: untyped JSON over the connection that KubernetesClient makes (credentials, TLS, exec plugins),
/// with the one retry policy. Every failure is a <see cref="MeshException"/>. An object of a namespaced kind without a namespace is
/// taken to be in the context's default namespace, as kubectl does. Safe for use from several threads.
/// </summary>
public sealed class KubernetesApi : IDisposable
{
    private readonly ApiTransport _transport;
    private readonly ApiDiscovery _discovery;

    internal KubernetesApi(ClusterConnection connection, ApiConnection http, TimeProvider clock)
    {
        _transport = new ApiTransport(connection, http, clock);
        _discovery = new ApiDiscovery(_transport);
    }

    /// <summary>What it is connected to.</summary>
    public ClusterConnection Connection => _transport.Cluster;

    /// <summary>The time (UTC, whole seconds), from the clock that this client goes by.</summary>
    internal DateTime Now
    {
        get
        {
            var now = _transport.Clock.GetUtcNow().UtcDateTime;
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        }
    }

    /// <summary>The version of the API server, such as <c>v1.32.4</c>.</summary>
    public async Task<string> GetServerVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await _transport.SendForSuccessAsync(new ApiRequest("get", "version", "the API server's version"), cancellationToken);
        return _transport.Read(answer, version => (string?)version.Json()["gitVersion"] ?? throw new JsonException("no gitVersion"));
    }

    /// <summary>The resource that serves a kind, in the group's preferred version or in the asked one; null where it is not served.</summary>
    public Task<ApiResource?> FindResourceAsync(string group, string kind, string? version, CancellationToken cancellationToken) =>
        _discovery.FindAsync(group, kind, version, cancellationToken);

    /// <summary>Every resource that the cluster serves, each in its group's preferred version.</summary>
    /// <exception cref="MeshException">Such as GroupUnavailable: a group has a server of its own, which does not answer.</exception>
    public Task<IReadOnlyList<ApiResource>> ListResourcesAsync(CancellationToken cancellationToken) => _discovery.AllAsync(_ => true, cancellationToken);

    /// <summary>The same for the core group and those that are wanted: whether the servers of other groups answer does not matter.</summary>
    public Task<IReadOnlyList<ApiResource>> ListResourcesAsync(Func<string, bool> isWanted, CancellationToken cancellationToken) =>
        _discovery.AllAsync(isWanted, cancellationToken);

    /// <summary>Forgets what discovery said: CRDs were installed or removed.</summary>
    public void ResetDiscovery() => _discovery.Reset();

    /// <summary>The object, or null where it (or its kind) does not exist.</summary>
    public async Task<KubernetesObject?> GetAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        var resource = await FindResourceAsync(reference.Group, reference.Kind, version: null, cancellationToken);
        if (resource is null)
            return null;
        var request = ObjectRequest("get", resource, reference);
        var answer = await _transport.SendAsync(request, cancellationToken);
        if (answer.StatusCode == 404)
            return null;
        return answer.Succeeded ? Object(answer) : throw StatusErrors.From(request, answer, Connection);
    }

    /// <summary>Objects as they come, page by page. A null namespace means all.</summary>
    public async IAsyncEnumerable<KubernetesObject> ListAsync(ApiResource resource, string? @namespace, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in ListPagesAsync(resource, @namespace, options, cancellationToken))
        {
            foreach (var item in _transport.Read(page, page => ListPage.Objects(page, resource)))
                yield return item;
        }
    }

    /// <summary>The pages of a list as raw UTF-8 JSON, for readers that parse by themselves.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ListPagesAsync(ApiResource resource, string? @namespace, ListOptions options, CancellationToken cancellationToken) =>
        new ListPager(_transport, CollectionRequest("list", resource, @namespace, options), options.PageSize).PagesAsync(cancellationToken);

    /// <summary>Creates the object; returns what the server made of it (admission included). Fields that the kind does not have are refused.</summary>
    /// <exception cref="MeshException">Such as ObjectExists, ObjectInvalid, AdmissionDenied, ResourceNotServed.</exception>
    public async Task<KubernetesObject> CreateAsync(KubernetesObject body, WriteOptions options, CancellationToken cancellationToken)
    {
        var resource = await ServedAsync(body, cancellationToken);
        return await WriteAsync(
            ObjectRequest("create", resource, body.Reference) with
            {
                Method = HttpMethod.Post,
                Path = ObjectPath.Collection(resource, NamespaceOf(resource, body.Namespace)),
                Query = [.. options.Query, ("fieldValidation", "Strict")],
                Body = Bytes(body.Json),

                // A try that seems to have failed may have created it.
                Idempotent = false,
            },
            cancellationToken);
    }

    /// <summary>Server-side apply; returns the object as it is (or with dry run would be) afterwards.</summary>
    /// <exception cref="MeshException">Such as FieldConflict, ObjectInvalid, AdmissionDenied, ResourceNotServed.</exception>
    public async Task<KubernetesObject> ApplyAsync(KubernetesObject body, ApplyOptions options, CancellationToken cancellationToken)
    {
        var request = await ApplyRequestAsync(body, options, cancellationToken);
        return await WriteAsync(request, cancellationToken);
    }

    /// <summary>Server-side apply where fields that others own are an expected outcome: they come back as data.</summary>
    /// <exception cref="MeshException">As <see cref="ApplyAsync"/>, without FieldConflict.</exception>
    public async Task<ApplyOutcome> TryApplyAsync(KubernetesObject body, ApplyOptions options, CancellationToken cancellationToken)
    {
        var request = await ApplyRequestAsync(body, options, cancellationToken);
        var answer = await _transport.SendAsync(request, cancellationToken);
        if (answer.Succeeded)
            return new ApplyOutcome(Object(answer), []);
        var conflicts = answer.StatusCode == 409 ? ApiStatus.Parse(answer.Body).Conflicts : [];
        return conflicts.Count > 0 ? new ApplyOutcome(null, conflicts) : throw StatusErrors.From(request, answer, Connection);
    }

    /// <summary>JSON merge patch.</summary>
    /// <exception cref="MeshException">Such as ObjectNotFound, ObjectInvalid; ObjectChanged where the patch names a resource version.</exception>
    public async Task<KubernetesObject> MergePatchAsync(ObjectReference reference, JsonObject patch, WriteOptions options, CancellationToken cancellationToken)
    {
        var resource = await ServedAsync(reference, version: null, cancellationToken);
        return await WriteAsync(
            ObjectRequest("patch", resource, reference) with
            {
                Method = HttpMethod.Patch,
                ContentType = "application/merge-patch+json",
                Query = options.Query,
                Body = Bytes(patch),
            },
            cancellationToken);
    }

    /// <summary>Deletes the object; false where it does not exist. A resource version or UID in the options makes the deletion conditional.</summary>
    /// <exception cref="MeshException">Such as ObjectChanged where the condition does not hold.</exception>
    public async Task<bool> DeleteAsync(ObjectReference reference, DeleteOptions options, CancellationToken cancellationToken)
    {
        var resource = await FindResourceAsync(reference.Group, reference.Kind, version: null, cancellationToken);
        if (resource is null)
            return false;
        var request = ObjectRequest("delete", resource, reference) with { Method = HttpMethod.Delete, Body = Bytes(options.ToJson()) };
        var answer = await _transport.SendAsync(request, cancellationToken);
        return answer.StatusCode != 404 && (answer.Succeeded ? true : throw StatusErrors.From(request, answer, Connection));
    }

    /// <summary>Whether the caller may do this (SelfSubjectAccessReview). A resource's <c>Plural</c> may name a subresource: <c>pods/portforward</c>.</summary>
    public async Task<bool> CanAsync(string verb, ApiResource resource, string? @namespace, CancellationToken cancellationToken)
    {
        var parts = resource.Plural.Split('/', 2);
        var body = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject
                {
                    ["verb"] = verb,
                    ["group"] = resource.Group,
                    ["version"] = resource.Version,
                    ["resource"] = parts[0],
                    ["subresource"] = parts.ElementAtOrDefault(1),
                    ["namespace"] = @namespace,
                },
            },
        };
        var request = new ApiRequest("create", "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "SelfSubjectAccessReview") { Method = HttpMethod.Post, Body = Bytes(body) };
        var answer = await _transport.SendForSuccessAsync(request, cancellationToken);
        return _transport.Read(answer, review => (bool?)review.Json()["status"]?["allowed"] ?? false);
    }

    /// <summary>
    /// A collection and its changes, without an end: what is there now as <c>ADDED</c>, then one <c>BOOKMARK</c>, then each change as
    /// it comes. Reconnects by itself; where the server has forgotten where the watch stood, what happened meanwhile is found by a new list.
    /// </summary>
    public IAsyncEnumerable<WatchEvent> WatchAsync(ApiResource resource, string? @namespace, ListOptions options, CancellationToken cancellationToken) =>
        new CollectionWatch(_transport, resource, CollectionRequest("list", resource, @namespace, options), options.PageSize).EventsAsync(cancellationToken);

    /// <summary>HTTP GET of a port of a pod, through the API server's port-forward. The status is the pod's own and is not judged.</summary>
    /// <exception cref="MeshException">Such as PodUnreachable, ObjectNotFound, ClusterForbidden.</exception>
    public Task<PodHttpResponse> GetFromPodAsync(string @namespace, string pod, int port, string pathAndQuery, CancellationToken cancellationToken) =>
        new PodForwarder(_transport).GetAsync(@namespace, pod, port, pathAndQuery, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _discovery.Dispose();
        _transport.Dispose();
    }

    private async Task<ApiRequest> ApplyRequestAsync(KubernetesObject body, ApplyOptions options, CancellationToken cancellationToken)
    {
        var resource = await ServedAsync(body, cancellationToken);
        return ObjectRequest("apply", resource, body.Reference) with
        {
            Method = HttpMethod.Patch,

            // JSON is YAML, and servers before 1.32 know server-side apply by this name only.
            ContentType = "application/apply-patch+yaml",
            Query = [.. options.Query, ("fieldValidation", "Strict")],
            Body = Bytes(body.Json),
        };
    }

    private Task<ApiResource> ServedAsync(KubernetesObject body, CancellationToken cancellationToken) =>
        ServedAsync(body.Reference, body.Version, cancellationToken);

    private async Task<ApiResource> ServedAsync(ObjectReference reference, string? version, CancellationToken cancellationToken) =>
        await FindResourceAsync(reference.Group, reference.Kind, version, cancellationToken)
        ?? throw KubernetesErrors.Create(
            nameof(KubernetesText.ResourceNotServed),
            MeshErrorCategory.ObjectNotFound,
            reference,
            $"{reference.Kind} ({string.Join('/', new[] { reference.Group, version }.Where(part => !string.IsNullOrEmpty(part)))})");

    private async Task<KubernetesObject> WriteAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Object(await _transport.SendForSuccessAsync(request, cancellationToken));

    private ApiRequest ObjectRequest(string verb, ApiResource resource, ObjectReference reference) =>
        new(verb, ObjectPath.Object(resource, NamespaceOf(resource, reference.Namespace), reference.Name), reference.ToString()) { Target = reference };

    private static ApiRequest CollectionRequest(string verb, ApiResource resource, string? @namespace, ListOptions options) =>
        new(verb, ObjectPath.Collection(resource, @namespace), @namespace is null || !resource.Namespaced ? resource.Plural : $"{resource.Plural} of namespace {@namespace}")
        {
            Target = resource.Plural,
            Query = [("labelSelector", options.LabelSelector), ("fieldSelector", options.FieldSelector)],
            Accept = options.MetadataOnly ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json" : "application/json",
        };

    private string? NamespaceOf(ApiResource resource, string? @namespace) =>
        resource.Namespaced ? @namespace ?? Connection.DefaultNamespace : null;

    private KubernetesObject Object(ApiAnswer answer) => _transport.Read(answer, answer => new KubernetesObject(answer.Json()));

    private static byte[] Bytes(JsonObject json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            json.WriteTo(writer);
        return bytes.ToArray();
    }
}
