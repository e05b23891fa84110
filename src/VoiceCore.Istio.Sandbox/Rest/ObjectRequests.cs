using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Yaml;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>Requests for objects and collections: reads from the store, writes through <see cref="ObjectService"/>.</summary>
internal sealed class ObjectRequests(SandboxCluster cluster)
{
    private const string Reviews = "selfsubjectaccessreviews";

    private readonly ListPages _pages = new(cluster.Store);

    internal Task AnswerAsync(HttpExchange exchange, RestTarget target, CancellationToken cancellationToken)
    {
        var request = exchange.Request;
        if (target is { Group: "authorization.k8s.io", Plural: Reviews } && request.Method == "POST")
            return RestApi.SendAsync(exchange, 201, Allowed(RequestBody.Parse(request.Body)), cancellationToken);
        var kind = cluster.Kinds.FindByPlural(target.Group, target.Version, target.Plural) ?? throw RestApi.Unknown();
        if (kind.Namespaced && target.Namespace is null && (target.Name is not null || request.Method is not "GET"))
            throw RestApi.Unknown();
        if (target.Subresource is not (null or "status"))
            throw ApiErrors.NotImplemented($"the subresource {target.Subresource} of {kind.QualifiedPlural}");

        if (request.Method == "GET" && (target.Name is null || IsTrue(request, "watch")))
        {
            var filter = new ObjectFilter(kind, target, request);
            return IsTrue(request, "watch")
                ? WatchAnswer.SendAsync(exchange, kind, filter, cluster, cancellationToken)
                : RestApi.SendAsync(exchange, 200, List(kind, target, filter, request), cancellationToken);
        }

        var (status, answer) = (request.Method, target.Name) switch
        {
            ("GET", { } name) => (200, Shown(cluster.Store.Get(kind, target.Namespace, name) ?? throw ApiErrors.NotFound(kind, name), kind, request)),
            ("POST", null) => (201, ServedObject.Of(cluster.Objects.Create(kind, Body(kind, target, request), Settings(target, request)), kind)),
            ("PUT", not null) => (200, ServedObject.Of(cluster.Objects.Update(kind, Body(kind, target, request), Settings(target, request)), kind)),
            ("PATCH", { } name) => (cluster.Store.Get(kind, target.Namespace, name) is null ? 201 : 200, ServedObject.Of(Patch(kind, target, name, request), kind)),
            ("DELETE", { } name) => (200, Deleted(kind, cluster.Objects.Delete(kind, target.Namespace, name, Deletion(request)))),
            ("DELETE", null) => (200, DeleteAll(kind, target, request)),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
        return RestApi.SendAsync(exchange, status, answer, cancellationToken);
    }

    private JsonObject List(ResourceKind kind, RestTarget target, ObjectFilter filter, HttpRequest request)
    {
        var limit = int.TryParse(request.Argument("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        ListPages.Page page;
        if (request.Argument("continue") is { Length: > 0 } token)
        {
            page = _pages.Next(token, limit);
        }
        else
        {
            var (all, resourceVersion) = cluster.Store.Snapshot(kind, target.Namespace);
            page = _pages.First(all.Where(filter.Matches).ToArray(), resourceVersion, limit);
        }

        var metadata = new JsonObject { ["resourceVersion"] = page.ResourceVersion.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is not null)
        {
            metadata["continue"] = page.Continue;
            metadata["remainingItemCount"] = page.Remaining;
        }

        var partial = WantsMetadata(request);
        return new JsonObject
        {
            ["kind"] = partial ? "PartialObjectMetadataList" : kind.Kind + "List",
            ["apiVersion"] = partial ? "meta.k8s.io/v1" : kind.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Items.Select(item => partial ? ServedObject.MetadataOf(item) : Item(item, kind))]),
        };
    }

    // A node has one parent: what goes into a list is a copy.
    private static JsonNode Item(JsonObject stored, ResourceKind kind)
    {
        var shown = ServedObject.Of(stored, kind);
        return ReferenceEquals(shown, stored) ? stored.DeepClone() : shown;
    }

    private static JsonObject Shown(JsonObject stored, ResourceKind kind, HttpRequest request) =>
        WantsMetadata(request) ? ServedObject.MetadataOf(stored) : ServedObject.Of(stored, kind);

    private static bool WantsMetadata(HttpRequest request) => request.Header("Accept").Contains("as=PartialObjectMetadata", StringComparison.Ordinal);

    private JsonObject Patch(ResourceKind kind, RestTarget target, string name, HttpRequest request)
    {
        var type = request.Header("Content-Type").Split(';')[0].Trim();
        return type switch
        {
            "application/apply-patch+yaml" => cluster.Objects.Apply(kind, Body(kind, target, request), Settings(target, request), IsTrue(request, "force")),
            "application/merge-patch+json" => cluster.Objects.Patch(kind, target.Namespace, name, RequestBody.Parse(request.Body), Settings(target, request)),
            "application/json-patch+json" or "application/strategic-merge-patch+json" => throw ApiErrors.NotImplemented($"patches of type {type}"),
            _ => throw ApiErrors.UnsupportedMediaType(),
        };
    }

    private JsonObject DeleteAll(ResourceKind kind, RestTarget target, HttpRequest request)
    {
        var filter = new ObjectFilter(kind, target, request);
        var deletion = Deletion(request);
        foreach (var item in cluster.Store.List(kind, target.Namespace).Where(filter.Matches))
            cluster.Objects.Delete(kind, item.Namespace(), item.Name(), deletion);
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" };
    }

    // What finalizers hold is shown; what is gone is only confirmed.
    private static JsonObject Deleted(ResourceKind kind, JsonObject last) => last.IsDeleting()
        ? ServedObject.Of(last, kind)
        : new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = new JsonObject { ["name"] = last.Name(), ["group"] = kind.Group, ["kind"] = kind.Plural, ["uid"] = last.Uid() },
        };

    private static JsonObject Body(ResourceKind kind, RestTarget target, HttpRequest request)
    {
        var json = RequestBody.Parse(request.Body).WithoutNulls();
        if ((string?)json["kind"] != kind.Kind || (string?)json["apiVersion"] != kind.ApiVersion)
            throw ApiErrors.BadRequest($"the object provided ({json["apiVersion"]}, {json["kind"]}) is no {kind.ApiVersion}, {kind.Kind}");
        var metadata = json.Metadata();
        if (kind.Namespaced && target.Namespace is not null)
        {
            if (json.Namespace() is { Length: > 0 } other && other != target.Namespace)
                throw ApiErrors.BadRequest($"the namespace of the provided object does not match the namespace sent on the request ({other} != {target.Namespace})");
            metadata["namespace"] = target.Namespace;
        }

        if (target.Name is not null)
        {
            if (json.Name() is { Length: > 0 } other && other != target.Name)
                throw ApiErrors.BadRequest($"the name of the object ({other}) does not match the name on the URL ({target.Name})");
            metadata["name"] = target.Name;
        }

        return json;
    }

    private static WriteSettings Settings(RestTarget target, HttpRequest request)
    {
        var manager = request.Argument("fieldManager");
        if (string.IsNullOrEmpty(manager))
        {
            if (request.Header("Content-Type").StartsWith("application/apply-patch", StringComparison.Ordinal))
                throw ApiErrors.NoFieldManager();
            // As the API server does: the client's own name up to the first slash.
            manager = request.Header("User-Agent").Split('/')[0];
        }

        return new WriteSettings(manager.Length == 0 ? "unknown" : manager) { DryRun = DryRun(request), Subresource = target.Subresource };
    }

    private static DeleteSettings Deletion(HttpRequest request)
    {
        var options = request.Body.IsEmpty ? [] : RequestBody.Parse(request.Body);
        return new DeleteSettings
        {
            DryRun = DryRun(request) || options["dryRun"] is JsonArray { Count: > 0 },
            PropagationPolicy = request.Argument("propagationPolicy") ?? (string?)options["propagationPolicy"] ?? "Background",
            Uid = (string?)options["preconditions"]?["uid"],
            ResourceVersion = (string?)options["preconditions"]?["resourceVersion"],
        };
    }

    private static bool DryRun(HttpRequest request) => request.Argument("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw ApiErrors.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };

    private static bool IsTrue(HttpRequest request, string name) => request.Argument(name) is "true" or "1";

    // The sandbox has one user, who may do everything.
    private static JsonObject Allowed(JsonObject review)
    {
        review["status"] = new JsonObject { ["allowed"] = true, ["reason"] = "the user of a mesh sandbox may do everything" };
        return review;
    }
}
