using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>
/// Server-side apply and the owners of fields of every other write
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/, https://github.com/kubernetes-sigs/structured-merge-diff).
/// </summary>
internal static class ServerSideApply
{
    // Owns what was there before anybody's ownership was recorded.
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>
    /// The object with a configuration applied, and its owners. The live object is an empty one where nothing is there yet.
    /// </summary>
    /// <exception cref="ApiException">Conflict: others own fields that would change, and it is not forced.</exception>
    internal static (JsonObject Object, ManagedFields Owners) Apply(ResourceKind kind, JsonObject live, JsonObject applied, WriteSettings settings, bool force, string now)
    {
        var owners = ManagedFields.Read(live);
        if (owners.IsEmpty && live.ResourceVersion() is not null)
            owners.Set(FieldOwner.Of(BeforeFirstApply, FieldOwner.Updating, kind.ApiVersion, null), FieldReading.Claims(kind.Schema, live), kind.ApiVersion, now);

        var owner = FieldOwner.Of(settings.Manager, FieldOwner.Applying, kind.ApiVersion, settings.Subresource);
        var before = owners.Of(owner);
        owners.Set(owner, FieldReading.Claims(kind.Schema, applied), kind.ApiVersion, now);
        var merged = (JsonObject)FieldMerge.Merge(kind.Schema, live, applied)!;
        FieldMerge.Prune(kind.Schema, merged, before, owners.All);

        var difference = FieldReading.Compare(kind.Schema, live, merged);
        var conflicts = owners.Entries
            .Where(entry => entry.Owner != owner)
            .Select(entry => (entry.Owner, entry.Time, Fields: entry.Fields.Intersect(difference.Written)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToArray();
        if (conflicts.Length > 0 && !force)
            throw ApplyConflict.Of(conflicts);
        owners.TakeFromOthers(owner, difference.Written.Union(difference.Removed));
        return (merged, owners);
    }

    /// <summary>The owners after a write that is no apply: the writer owns what it changed.</summary>
    internal static ManagedFields Update(ResourceKind kind, JsonObject before, JsonObject after, WriteSettings settings, string now)
    {
        var owners = ManagedFields.Read(after);
        Update(owners, kind, before, after, settings, now);
        return owners;
    }

    /// <summary>As the other, on top of owners that are known.</summary>
    internal static void Update(ManagedFields owners, ResourceKind kind, JsonObject before, JsonObject after, WriteSettings settings, string now)
    {
        var owner = FieldOwner.Of(settings.Manager, FieldOwner.Updating, kind.ApiVersion, settings.Subresource);
        var difference = FieldReading.Compare(kind.Schema, before, after);
        if (difference.IsNone)
            return;
        owners.TakeFromOthers(owner, difference.Written.Union(difference.Removed));
        owners.Set(owner, owners.Of(owner).Union(difference.Written).Except(difference.Removed), kind.ApiVersion, now);
    }
}
