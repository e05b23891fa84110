using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Storage;

/// <summary>What happened to an object.</summary>
public enum StoreEventType
{
    /// <summary>It was created.</summary>
    Added,

    /// <summary>It was changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>One change of the store.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Kind">The object's kind, in the version that it was written with.</param>
/// <param name="Object">The object after the change; of a deleted one the last state, with the deletion's resource version. Not to be changed.</param>
/// <param name="Before">The object before the change; null where it was created.</param>
/// <param name="ResourceVersion">The change's number in the store.</param>
public sealed record StoreEvent(StoreEventType Type, ResourceKind Kind, JsonObject Object, JsonObject? Before, long ResourceVersion);
