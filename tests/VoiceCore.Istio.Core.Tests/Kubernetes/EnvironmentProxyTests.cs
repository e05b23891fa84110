using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>Which requests go through a proxy of the environment is that of golang.org/x/net/http/httpproxy, and so of kubectl.</summary>
public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("https://cluster.example:6443", "HTTPS_PROXY", true)]
    [InlineData("https://cluster.example:6443", "https_proxy", true)]
    [InlineData("https://cluster.example:6443", "HTTP_PROXY", false)]
    [InlineData("https://cluster.example:6443", "ALL_PROXY", false)]
    [InlineData("https://cluster.example:6443", null, false)]
    [InlineData("http://cluster.example:8080", "HTTP_PROXY", true)]
    [InlineData("http://cluster.example:8080", "HTTPS_PROXY", false)]
    [InlineData("https://127.0.0.1:40123", "HTTPS_PROXY", false)]
    [InlineData("https://[::1]:40123", "HTTPS_PROXY", false)]
    [InlineData("https://localhost:40123", "HTTPS_PROXY", false)]
    [InlineData("https://10.0.0.1:6443", "HTTPS_PROXY", true)]
    public void Applies_to_servers_elsewhere_by_the_variable_of_the_scheme(string server, string? set, bool expected) =>
        Assert.Equal(expected, EnvironmentProxy.AppliesTo(new Uri(server), name => name == set ? "http://proxy.example:3128" : null));
}
