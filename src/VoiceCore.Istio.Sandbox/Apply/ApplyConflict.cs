using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>The answer to an apply that would change what others own.</summary>
internal static class ApplyConflict
{
    internal static ApiException Of(IEnumerable<(FieldOwner Owner, string Time, FieldSet Fields)> conflicts)
    {
        var owners = conflicts.Select(conflict => (Name: Name(conflict.Owner, conflict.Time), Paths: conflict.Fields.Paths().ToArray())).OrderBy(owner => owner.Name, StringComparer.Ordinal).ToArray();
        var causes = owners.SelectMany(owner => owner.Paths, (owner, path) => new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {owner.Name}", ["field"] = path }).ToArray();
        var text = causes.Length == 1
            ? $"Apply failed with 1 conflict: conflict with {owners[0].Name}: {owners[0].Paths[0]}"
            : $"Apply failed with {causes.Length} conflicts: {string.Join("\n", owners.Select(owner => $"conflicts with {owner.Name}:\n{string.Join("\n", owner.Paths.Select(path => $"- {path}"))}"))}";
        return new ApiException(409, "Conflict", text) { Details = new JsonObject { ["causes"] = new JsonArray([.. causes]) } };
    }

    private static string Name(FieldOwner owner, string time)
    {
        var name = owner.Subresource.Length == 0 ? $"\"{owner.Manager}\"" : $"\"{owner.Manager}\" with subresource \"{owner.Subresource}\"";
        return owner.Operation == FieldOwner.Applying ? name : $"{name} using {owner.ApiVersion} at {time}";
    }
}
