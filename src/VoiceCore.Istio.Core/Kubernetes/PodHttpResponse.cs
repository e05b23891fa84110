namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>The answer of a pod's own HTTP server.</summary>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="Body">The body, UTF-8 as a rule.</param>
public sealed record PodHttpResponse(int StatusCode, ReadOnlyMemory<byte> Body);
