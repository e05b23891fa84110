using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

internal static class MeshExceptions
{
    /// <summary>What a person reads: the message and the advice.</summary>
    internal static string Everything(this MeshException error) => $"{error.Message} {error.RecommendedAction}";
}
