namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// Whether the way to a server may lead through the proxy of the environment (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, with <c>NO_PROXY</c>).
/// .NET alone would send requests for this machine there too, which no proxy can answer, and on Windows take the browser's proxy where the
/// environment names none; kubectl does neither (golang.org/x/net/http/httpproxy).
/// </summary>
internal static class EnvironmentProxy
{
    internal static bool AppliesTo(Uri server, Func<string, string?> variable)
    {
        string[] names = server.Scheme == Uri.UriSchemeHttps ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
        return !server.IsLoopback && Array.Exists(names, name => !string.IsNullOrEmpty(variable(name)));
    }
}
