using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>How to write.</summary>
/// <param name="Manager">The field manager, such as <c>kube-controller-manager</c>.</param>
public sealed record WriteSettings(string Manager)
{
    /// <summary>True: everything but storing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Null for the object itself, or <c>status</c> or <c>scale</c>.</summary>
    public string? Subresource { get; init; }
}

/// <summary>
/// The writes of the API: defaults, admission, validation, owners of fields, finalizers. Every writer comes through here, controllers too.
/// Objects that are given belong to the service afterwards; objects that it returns are not to be changed.
/// </summary>
public sealed class ObjectService
{
    private readonly SandboxCluster _cluster;
    private readonly IReadOnlyList<IAdmission> _admissions;

    internal ObjectService(SandboxCluster cluster, IReadOnlyList<IAdmission> admissions)
    {
        _cluster = cluster;
        _admissions = admissions;
    }

    /// <summary>Creates an object.</summary>
    /// <exception cref="ApiException">Such as AlreadyExists, Invalid, or what an admission refused.</exception>
    public JsonObject Create(ResourceKind kind, JsonObject json, WriteSettings settings) =>
        throw ApiErrors.NotImplemented($"creating {kind.Plural} ({_cluster.Now}, {_admissions.Count}, {json.Count}, {settings.Manager})");

    /// <summary>Replaces an object, or only its status where the settings name that subresource.</summary>
    /// <exception cref="ApiException">Such as NotFound, Conflict, Invalid.</exception>
    public JsonObject Update(ResourceKind kind, JsonObject json, WriteSettings settings) =>
        throw ApiErrors.NotImplemented($"updating {kind.Plural} ({_cluster.Now}, {json.Count}, {settings.Manager})");

    /// <summary>Applies an object (server-side apply).</summary>
    /// <exception cref="ApiException">Such as Conflict with other managers' fields, or Invalid.</exception>
    public JsonObject Apply(ResourceKind kind, JsonObject json, WriteSettings settings, bool force) =>
        throw ApiErrors.NotImplemented($"applying {kind.Plural} ({_cluster.Now}, {json.Count}, {settings.Manager}, {force})");

    /// <summary>Changes an object by a JSON merge patch (RFC 7386).</summary>
    /// <exception cref="ApiException">Such as NotFound, Conflict, Invalid.</exception>
    public JsonObject Patch(ResourceKind kind, string? @namespace, string name, JsonObject patch, WriteSettings settings) =>
        throw ApiErrors.NotImplemented($"patching {kind.Plural} {@namespace} {name} ({_cluster.Now}, {patch.Count}, {settings.Manager})");

    /// <summary>Deletes an object, or marks it for deletion where finalizers hold it.</summary>
    /// <exception cref="ApiException">Such as NotFound.</exception>
    public JsonObject Delete(ResourceKind kind, string? @namespace, string name, DeleteSettings settings) =>
        throw ApiErrors.NotImplemented($"deleting {kind.Plural} {@namespace} {name} ({_cluster.Now}, {settings.DryRun})");
}
