using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>Which objects of a collection a list or a watch asks for.</summary>
internal sealed class ObjectFilter
{
    private readonly ResourceKind _kind;
    private readonly string? _namespace;
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    /// <exception cref="ApiException">400: a selector is malformed.</exception>
    internal ObjectFilter(ResourceKind kind, RestTarget target, HttpRequest request)
    {
        _kind = kind;
        _namespace = target.Namespace;
        _labels = LabelSelector.Parse(request.Argument("labelSelector"));
        var fields = request.Argument("fieldSelector");
        _fields = FieldSelector.Parse(target.Name is null ? fields : $"metadata.name={target.Name},{fields}");
    }

    internal bool Matches(JsonObject json) =>
        (_namespace is null || json.Namespace() == _namespace) && _labels.Matches(json.Labels()) && _fields.Matches(json);

    /// <summary>What a change means to a watch: objects that come to match are added, those that no longer do are deleted. Null: nothing.</summary>
    internal string? Event(StoreEvent change)
    {
        if (!change.Kind.IsSameAs(_kind))
            return null;
        var before = change.Before is not null && Matches(change.Before);
        var after = change.Type != StoreEventType.Deleted && Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => null,
        };
    }
}
