using System.Security.Cryptography;
using System.Text;

namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>The random token that every request must carry: other users of this machine reach the port, but not the sandbox.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>256 random bits, for kubeconfigs.</summary>
    internal string Value { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>True where the request's Authorization header holds the token; the time that this takes tells nothing of it.</summary>
    internal bool IsIn(HttpRequest request)
    {
        var header = request.Header("Authorization");
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), Encoding.UTF8.GetBytes(Value));
    }
}
