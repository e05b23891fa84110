using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Tests.Processes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>What a kubeconfig says about the way to the server and the credentials, against a server on the loopback.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("connection");
    private readonly TestAuthority _authority = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_goes_into_the_header()
    {
        using var server = new LoopbackServer();

        await AskAsync(Config(server.Address, user: "token: secret"));

        Assert.Contains("Authorization: Bearer secret\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_file_goes_before_a_token_and_its_path_starts_at_the_kubeconfig(bool absolute)
    {
        using var server = new LoopbackServer();
        var file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, "from-file", Stop);

        await AskAsync(Config(server.Address, user: $"token: other\n    tokenFile: '{(absolute ? file : "token")}'"));

        Assert.Contains("Authorization: Bearer from-file\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_credentials_is_anonymous_and_an_impersonated_one_is_named()
    {
        using var server = new LoopbackServer();

        await AskAsync(Config(server.Address, user: "as: jane\n    as-groups: [ops, dev]"));

        var request = Assert.Single(server.Requests);
        Assert.DoesNotContain("Authorization", request, StringComparison.Ordinal);
        Assert.Contains("Impersonate-User: jane\r\n", request, StringComparison.Ordinal);
        Assert.Contains("ops", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_of_the_cluster_is_on_the_way()
    {
        using var proxy = new LoopbackServer();

        await AskAsync(Config("http://cluster.invalid:8080", endpoint: $"proxy-url: '{proxy.Address}'"));

        Assert.StartsWith("GET http://cluster.invalid:8080/version HTTP/1.1\r\n", Assert.Single(proxy.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_is_trusted_by_the_authority_and_the_name()
    {
        using var certificate = _authority.Issue("127.0.0.1");
        using var server = new LoopbackServer(certificate);

        await AskAsync(Config(server.Address, endpoint: $"certificate-authority-data: {_authority.Data}"));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("istio.example", true)]
    [InlineData("other.example", false)]
    [InlineData(null, false)]
    public async Task Another_name_of_the_server_must_be_said(string? name, bool trusted)
    {
        using var certificate = _authority.Issue("istio.example");
        using var server = new LoopbackServer(certificate);
        var endpoint = $"certificate-authority-data: {_authority.Data}" + (name is null ? "" : $"\n    tls-server-name: {name}");

        if (trusted)
            await AskAsync(Config(server.Address, endpoint));
        else
            Assert.Equal("ClusterTlsFailed", (await Assert.ThrowsAsync<MeshException>(() => AskAsync(Config(server.Address, endpoint)))).Id);

        Assert.Equal(trusted ? 1 : 0, server.Requests.Count);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();
        using var certificate = other.Issue("127.0.0.1");
        using var server = new LoopbackServer(certificate);

        Assert.Equal("ClusterTlsFailed", (await Assert.ThrowsAsync<MeshException>(() => AskAsync(Config(server.Address, $"certificate-authority-data: {_authority.Data}")))).Id);
    }

    [Fact]
    public async Task A_plugin_gives_the_token_and_is_asked_again_when_it_is_not_accepted()
    {
        var first = true;
        using var server = new LoopbackServer(status: _ => first ? Once() : 200);
        var plugin = Plugin("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-plugin"}}""");

        await AskAsync(Config(server.Address, user: plugin));

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Contains("Authorization: Bearer from-plugin\r\n", request, StringComparison.Ordinal));

        int Once()
        {
            first = false;
            return 401;
        }
    }

    [Theory]
    [InlineData("""{"apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}}""", 0, "client.authentication.k8s.io/v1beta1")]
    [InlineData("""{"apiVersion":"client.authentication.k8s.io/v1","status":{}}""", 0, "neither a token nor a client certificate")]
    [InlineData("hello", 0, "cannot be read")]
    [InlineData("[]", 0, "no ExecCredential")]
    [InlineData("", 3, "exit code 3. please sign in")]
    public async Task A_plugin_that_fails_is_told_with_its_words(string output, int exitCode, string reason)
    {
        using var server = new LoopbackServer();

        var error = await Assert.ThrowsAsync<MeshException>(() => AskAsync(Config(server.Address, user: Plugin(output, exitCode))));

        Assert.Equal("CredentialPluginFailed", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_is_told_with_the_hint_of_the_kubeconfig()
    {
        using var server = new LoopbackServer();
        var user = "exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: no-such-plugin-anywhere\n      installHint: Install the plugin first";

        var error = await Assert.ThrowsAsync<MeshException>(() => AskAsync(Config(server.Address, user: user)));

        Assert.Equal("CredentialPluginFailed", error.Id);
        Assert.Contains("Install the plugin first", error.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kubeconfig_is_never_written()
    {
        using var server = new LoopbackServer();
        var path = Config(server.Address, user: Plugin("""{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}}"""));
        var (text, written) = (await File.ReadAllTextAsync(path, Stop), File.GetLastWriteTimeUtc(path));
        File.SetAttributes(path, FileAttributes.ReadOnly);

        await AskAsync(path);

        File.SetAttributes(path, FileAttributes.Normal);
        Assert.Equal((text, written), (await File.ReadAllTextAsync(path, Stop), File.GetLastWriteTimeUtc(path)));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task AskAsync(string kubeconfig)
    {
        using var api = KubernetesApiFactory.Create(kubeconfig, null);
        Assert.Equal("v1.32.4", await api.GetServerVersionAsync(Stop));
    }

    private string Plugin(string output, int exitCode = 0) =>
        $"""
        exec:
              apiVersion: client.authentication.k8s.io/v1
              command: '{Replay.Program}'
              env: [{"{ name: REPLAY, value: '" + Replay.Recording(_folder, "plugin", output, "please sign in\n", exitCode) + "' }"}]
        """;

    private string Config(string server, string endpoint = "", string user = "{}")
    {
        var path = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(path, $"""
            current-context: c
            contexts:
            - name: c
              context:
                cluster: c
                user: u
            clusters:
            - name: c
              cluster:
                server: {server}
                {endpoint}
            users:
            - name: u
              user:
                {user}
            """);
        return path;
    }
}
