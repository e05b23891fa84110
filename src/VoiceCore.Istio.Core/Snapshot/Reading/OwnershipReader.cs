using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads from an object's metadata who wrote it, and which tools say that it is theirs: by <see cref="ManagingToolMarks"/> and by owners
/// (<c>pkg/router/istio.go</c> of Flagger).
/// </summary>
internal static class OwnershipReader
{
    /// <summary>The field managers, in the order in which the server lists them.</summary>
    internal static IReadOnlyList<string> Managers(JsonElement metadata, StringPool pool) =>
        metadata.Items("managedFields").Select(entry => pool.Get(entry.Text("manager", ""))).Where(manager => manager.Length > 0).Distinct().ToArray();

    /// <summary>The tools, in their order.</summary>
    internal static IReadOnlyList<ManagingTool> Tools(JsonElement metadata, IReadOnlyList<string> managers)
    {
        var tools = ManagingToolMarks.Of(managers.Contains, label => Has(metadata, "labels", label), annotation => Has(metadata, "annotations", annotation));
        return metadata.Items("ownerReferences").Any(IsCanary) ? tools.Append(ManagingTool.Flagger).Distinct().Order().ToArray() : tools;
    }

    // A saved snapshot has the kind alone.
    private static bool IsCanary(JsonElement owner) =>
        owner.Text("kind") == "Canary" && owner.Text("apiVersion", "flagger.app/").StartsWith("flagger.app/", StringComparison.Ordinal);

    private static bool Has(JsonElement metadata, string part, string key) => metadata.Field(part) is { } map && map.Field(key) is not null;
}
