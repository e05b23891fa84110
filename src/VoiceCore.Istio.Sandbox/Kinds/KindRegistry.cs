using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>The kinds that the sandbox serves: the built-in ones and those that CustomResourceDefinitions define. Safe for use from several threads.</summary>
public sealed class KindRegistry
{
    private readonly object _lock = new();
    private volatile IReadOnlyList<ResourceKind> _kinds = BuiltInKinds.All;

    /// <summary>All served kinds; a group's preferred version first.</summary>
    public IReadOnlyList<ResourceKind> All => _kinds;

    /// <summary>The kind that a path names; null where it is not served.</summary>
    public ResourceKind? FindByPlural(string group, string version, string plural) =>
        _kinds.FirstOrDefault(kind => kind.Plural == plural && kind.Group == group && kind.Version == version);

    /// <summary>The kind in the group's preferred version or in the asked one; null where it is not served.</summary>
    public ResourceKind? Find(string group, string kind, string? version = null) =>
        _kinds.FirstOrDefault(item => item.Kind == kind && item.Group == group && (version is null || item.Version == version));

    /// <summary>The kind of an object, by its <c>apiVersion</c> and <c>kind</c>; null where it is not served.</summary>
    public ResourceKind? Of(JsonObject json)
    {
        var apiVersion = (string?)json["apiVersion"] ?? "";
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return Find(slash < 0 ? "" : apiVersion[..slash], (string?)json["kind"] ?? "", apiVersion[(slash + 1)..]);
    }

    /// <summary>A built-in kind.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ResourceKind Get(string group, string kind) => Find(group, kind) ?? throw new KeyNotFoundException($"No kind {kind} in group '{group}'.");

    /// <summary>Serves the kinds of a CustomResourceDefinition in place of those that it served before.</summary>
    internal void Replace(string group, string plural, IReadOnlyList<ResourceKind> kinds)
    {
        lock (_lock)
            _kinds = [.. _kinds.Where(kind => !(kind.Group == group && kind.Plural == plural)), .. kinds];
    }
}
