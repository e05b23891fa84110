namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>One change of a watched collection.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c> or <c>BOOKMARK</c>.</param>
/// <param name="Object">The object after the change; for <c>DELETED</c>, its last state.</param>
public sealed record WatchEvent(string Type, KubernetesObject Object);
