namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>What came is no request that this server reads; the connection ends after the answer.</summary>
internal sealed class RequestRefusedException(int statusCode, string message) : Exception(message)
{
    /// <summary>The answer's status.</summary>
    internal int StatusCode { get; } = statusCode;
}
