namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>Who owns fields. Applying counts as one owner whatever the API version; other writes count by version and subresource.</summary>
/// <param name="Manager">The field manager.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="ApiVersion">The API version of the write; empty for <c>Apply</c>.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
internal sealed record FieldOwner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    internal const string Applying = "Apply";
    internal const string Updating = "Update";

    internal static FieldOwner Of(string manager, string operation, string apiVersion, string? subresource) =>
        new(manager, operation, operation == Applying ? "" : apiVersion, subresource ?? "");
}
