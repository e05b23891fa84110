using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Apply;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// The writes of the API: defaults, admission, validation, owners of fields, finalizers. Every writer comes through here, controllers too;
/// one write at a time. Objects that are given belong to the service afterwards; objects that it returns are not to be changed.
/// </summary>
public sealed class ObjectService
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly object _lock = new();
    private readonly SandboxCluster _cluster;
    private readonly IReadOnlyList<IAdmission> _admissions;
    private readonly ObjectDefaults _defaults = new();

    internal ObjectService(SandboxCluster cluster, IReadOnlyList<IAdmission> admissions)
    {
        _cluster = cluster;
        _admissions = admissions;
    }

    /// <summary>Creates an object.</summary>
    /// <exception cref="ApiException">Such as AlreadyExists, Invalid, or what an admission refused.</exception>
    public JsonObject Create(ResourceKind kind, JsonObject json, WriteSettings settings)
    {
        lock (_lock)
        {
            if (json.ResourceVersion() is { Length: > 0 })
                throw ApiErrors.BadRequest("resourceVersion should not be set on objects to be created");
            Clean(json);
            if (json.Name().Length == 0 && ObjectFields.Text(json["metadata"], "generateName") is { Length: > 0 } prefix)
                json.Metadata()["name"] = prefix + string.Concat(RandomNumberGenerator.GetItems<char>(NameLetters, 5));
            if (_cluster.Store.Get(kind, json.Namespace(), json.Name()) is not null)
                throw ApiErrors.AlreadyExists(kind, json.Name());
            var owners = new ManagedFields();
            ServerSideApply.Update(owners, kind, Empty(kind, json), json, settings, _cluster.Now);
            return StoreNew(kind, json, owners, settings);
        }
    }

    /// <summary>Replaces an object, or only its status where the settings name that subresource.</summary>
    /// <exception cref="ApiException">Such as NotFound, Conflict, Invalid.</exception>
    public JsonObject Update(ResourceKind kind, JsonObject json, WriteSettings settings)
    {
        lock (_lock)
        {
            var live = Live(kind, json.Namespace(), json.Name());
            return Replace(kind, live, json, settings);
        }
    }

    /// <summary>Changes an object by a JSON merge patch (RFC 7386).</summary>
    /// <exception cref="ApiException">Such as NotFound, Conflict, Invalid.</exception>
    public JsonObject Patch(ResourceKind kind, string? @namespace, string name, JsonObject patch, WriteSettings settings)
    {
        lock (_lock)
        {
            var live = Live(kind, @namespace, name);
            return Replace(kind, live, MergePatch.Apply(live, patch), settings);
        }
    }

    /// <summary>Applies an object (server-side apply).</summary>
    /// <exception cref="ApiException">Such as Conflict with other managers' fields, or Invalid.</exception>
    public JsonObject Apply(ResourceKind kind, JsonObject json, WriteSettings settings, bool force)
    {
        lock (_lock)
        {
            if (json.Metadata().ContainsKey("managedFields"))
                throw ApiErrors.BadRequest("metadata.managedFields must be nil");
            if (kind.HasStatus && !settings.IsStatus)
                json.Remove("status");
            ObjectValidation.CheckApplied(kind, json);
            var live = _cluster.Store.Get(kind, json.Namespace(), json.Name());
            CheckVersion(kind, live, json);
            json.Metadata().Remove("resourceVersion");
            var (merged, owners) = ServerSideApply.Apply(kind, live ?? Empty(kind, json), json, settings, force, _cluster.Now);
            if (live is null)
                return settings.IsStatus ? throw ApiErrors.NotFound(kind, json.Name()) : StoreNew(kind, merged, owners, settings);
            return StoreChanged(kind, live, merged, owners, settings);
        }
    }

    /// <summary>Deletes an object, or marks it for deletion where finalizers hold it.</summary>
    /// <exception cref="ApiException">Such as NotFound.</exception>
    public JsonObject Delete(ResourceKind kind, string? @namespace, string name, DeleteSettings settings)
    {
        lock (_lock)
        {
            var live = Live(kind, @namespace, name);
            if ((settings.Uid is { } uid && uid != live.Uid()) || (settings.ResourceVersion is { } version && version != live.ResourceVersion()))
                throw ApiErrors.Conflict(kind, name, "the precondition of the deletion does not hold: the object is another one or was changed");
            Admit(AdmissionOperation.Delete, kind, live, live, settings.DryRun);
            if (settings.DryRun)
                return live;

            var marked = (JsonObject)live.DeepClone();
            if (settings.PropagationPolicy == "Foreground")
                AddFinalizer(marked, Finalizers.Foreground);
            if (settings.PropagationPolicy == "Orphan")
                AddFinalizer(marked, Finalizers.Orphan);
            if (!Finalizers.Hold(kind, marked))
                return _cluster.Store.Delete(kind, @namespace, name);
            if (live.IsDeleting())
                return live;
            marked.Metadata()["deletionTimestamp"] = _cluster.Now;
            marked.Metadata()["deletionGracePeriodSeconds"] = 0;
            if (kind.IsSameAs(BuiltInKinds.Namespace))
                marked["status"] = new JsonObject { ["phase"] = "Terminating" };
            return _cluster.Store.Update(kind, marked);
        }
    }

    private JsonObject Live(ResourceKind kind, string? @namespace, string name) =>
        _cluster.Store.Get(kind, @namespace, name) ?? throw ApiErrors.NotFound(kind, name);

    private static JsonObject Empty(ResourceKind kind, JsonObject json)
    {
        var metadata = new JsonObject { ["name"] = json.Name() };
        if (kind.Namespaced)
            metadata["namespace"] = json.Namespace();
        return new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
    }

    private JsonObject StoreNew(ResourceKind kind, JsonObject json, ManagedFields owners, WriteSettings settings)
    {
        CheckNamespace(kind, json);
        if (kind.HasStatus)
            json.Remove("status");
        var metadata = json.Metadata();
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = _cluster.Now;
        if (json.ContainsKey("spec"))
            metadata["generation"] = 1;
        _defaults.Apply(kind, json, live: null);
        Admit(AdmissionOperation.Create, kind, json, before: null, settings.DryRun);
        ObjectValidation.Check(kind, json);
        owners.Write(json);
        return settings.DryRun ? json : _cluster.Store.Create(kind, json);
    }

    private JsonObject Replace(ResourceKind kind, JsonObject live, JsonObject json, WriteSettings settings)
    {
        CheckVersion(kind, live, json);
        if (settings.IsStatus)
        {
            var status = json["status"]?.DeepClone();
            json = (JsonObject)live.DeepClone();
            json["status"] = status;
        }

        var owners = ManagedFields.Read(live);
        Clean(json);
        Keep(kind, live, json, settings);
        ObjectValidation.CheckFields(kind, json);
        ServerSideApply.Update(owners, kind, live, json, settings, _cluster.Now);
        return StoreChanged(kind, live, json, owners, settings);
    }

    private JsonObject StoreChanged(ResourceKind kind, JsonObject live, JsonObject json, ManagedFields owners, WriteSettings settings)
    {
        Keep(kind, live, json, settings);
        _defaults.Apply(kind, json, live);
        if (!settings.IsStatus)
            Admit(AdmissionOperation.Update, kind, json, live, settings.DryRun);
        ObjectValidation.Check(kind, json);
        if (!JsonNode.DeepEquals(live["spec"], json["spec"]) && live["metadata"]?["generation"] is { } generation)
            json.Metadata()["generation"] = (generation.Number() ?? 0) + 1;
        owners.Write(json);
        json.Metadata()["resourceVersion"] = live.ResourceVersion();
        if (JsonNode.DeepEquals(live, json))
            return live;
        if (settings.DryRun)
            return json;
        return json.IsDeleting() && !Finalizers.Hold(kind, json) ? _cluster.Store.Delete(kind, json.Namespace(), json.Name()) : _cluster.Store.Update(kind, json);
    }

    // What no writer changes.
    private static void Keep(ResourceKind kind, JsonObject live, JsonObject json, WriteSettings settings)
    {
        var metadata = json.Metadata();
        foreach (var field in (string[])["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            if (live["metadata"]![field] is { } value)
                metadata[field] = value.DeepClone();
            else
                metadata.Remove(field);
        }

        if (!kind.HasStatus || settings.IsStatus)
            return;
        if (live["status"] is { } status)
            json["status"] = status.DeepClone();
        else
            json.Remove("status");
    }

    private static void Clean(JsonObject json)
    {
        json.Metadata().Remove("managedFields");
        json.Metadata().Remove("resourceVersion");
    }

    private static void CheckVersion(ResourceKind kind, JsonObject? live, JsonObject json)
    {
        if (json.ResourceVersion() is { Length: > 0 } version && version != live?.ResourceVersion())
            throw ApiErrors.Conflict(kind, json.Name());
    }

    private void CheckNamespace(ResourceKind kind, JsonObject json)
    {
        if (!kind.Namespaced)
            return;
        var name = json.Namespace() ?? "";
        var found = _cluster.Store.Get(BuiltInKinds.Namespace, null, name) ?? throw ApiErrors.NotFound(BuiltInKinds.Namespace, name);
        if (found.IsDeleting())
        {
            throw ApiErrors.Forbidden(
                kind,
                json.Name(),
                $"unable to create new content in namespace {name} because it is being terminated",
                new JsonArray(new JsonObject { ["reason"] = "NamespaceTerminating", ["message"] = $"namespace {name} is being terminated", ["field"] = "metadata.namespace" }));
        }
    }

    private void Admit(AdmissionOperation operation, ResourceKind kind, JsonObject json, JsonObject? before, bool dryRun)
    {
        var request = new AdmissionRequest(operation, kind, json, before, dryRun);
        foreach (var admission in _admissions)
            admission.Admit(request, _cluster);
    }

    private static void AddFinalizer(JsonObject json, string finalizer)
    {
        if (json.Metadata()["finalizers"] is not JsonArray list)
            json.Metadata()["finalizers"] = list = [];
        if (!list.Any(item => (string?)item == finalizer))
            list.Add(finalizer);
    }
}
