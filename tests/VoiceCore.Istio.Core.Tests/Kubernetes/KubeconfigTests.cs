using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>Merging by https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig");

    [Fact]
    public void The_first_file_that_says_something_wins()
    {
        var first = Write("first", """
            current-context: one
            contexts: [{ name: one, context: { cluster: shared, user: u, namespace: here } }]
            clusters: [{ name: shared, cluster: { server: "https://first.example" } }]
            """);
        var second = Write("second", """
            current-context: two
            contexts:
            - { name: one, context: { cluster: other, user: u } }
            - { name: two, context: { cluster: shared, user: u } }
            clusters: [{ name: shared, cluster: { server: "https://second.example" } }]
            users: [{ name: u, user: { token: t } }]
            """);

        var config = Kubeconfig.Load(string.Join(Path.PathSeparator, first, second))!;

        Assert.Equal("one", config.CurrentContext);
        Assert.Equal([first, second], config.Paths);
        Assert.Equal(
            [
                new KubeconfigContext("one", "shared", "https://first.example", "u", "here"),
                new KubeconfigContext("two", "shared", "https://first.example", "u", null),
            ],
            config.Contexts);
        using var api = KubernetesApiFactory.Create(string.Join(Path.PathSeparator, first, second), "two");
        Assert.Equal(("two", "default", "u", new Uri("https://first.example")), (api.Connection.Context, api.Connection.DefaultNamespace, api.Connection.User, api.Connection.Server));
    }

    [Theory]
    [InlineData("contexts: [{ name: a, context: { cluster: c } }]", null, "NoCurrentContext")]
    [InlineData("contexts: [{ name: a, context: { cluster: c } }]", "b", "ContextNotFound")]
    [InlineData("contexts: [{ name: a }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [{ name: a, context: { cluster: c } }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [{ name: a, context: { cluster: c, user: u } }]\nclusters: [{ name: c, cluster: { server: \"https://x\" } }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { server: \"ftp://x\" } }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [{ name: a, context: { cluster: c } }]\nclusters: [{ name: c, cluster: { server: \"https://x\", proxy-url: \"gopher://y\" } }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [{ name: a, context: { cluster: c, user: u } }]\nclusters: [{ name: c, cluster: { server: \"https://x\" } }]\nusers: [{ name: u, user: { exec: { command: \"\" } } }]", "a", "KubeconfigInvalid")]
    [InlineData("contexts: [", "a", "KubeconfigInvalid")]
    [InlineData("contexts: hello", "a", "KubeconfigInvalid")]
    [InlineData("", null, "NoCurrentContext")]
    public void What_cannot_be_used_is_told_with_the_file(string text, string? context, string id)
    {
        var path = Write("config", text);

        Assert.Equal(id, Assert.Throws<MeshException>(() => KubernetesApiFactory.Create(path, context)).Id);
    }

    [Theory]
    [InlineData("client-certificate: absent.crt, client-key: absent.key")]
    [InlineData("client-certificate-data: '!', client-key-data: '!'")]
    [InlineData("client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8=")]
    public void A_client_certificate_that_cannot_be_read_is_told_with_the_file_that_names_it(string user)
    {
        var cluster = Write("cluster", """
            current-context: a
            contexts: [{ name: a, context: { cluster: c, user: u } }]
            clusters: [{ name: c, cluster: { server: "https://x" } }]
            """);
        var users = Write("users", $"users: [{{ name: u, user: {{ {user} }} }}]");

        var error = Assert.Throws<MeshException>(() => KubernetesApiFactory.Create(string.Join(Path.PathSeparator, cluster, users), null));

        Assert.Equal("KubeconfigInvalid", error.Id);
        Assert.Contains($"'{users}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_the_contexts_there_are()
    {
        var path = Write("config", "contexts: [{ name: dev, context: {} }, { name: prod, context: {} }]");

        Assert.Contains("dev, prod", Assert.Throws<MeshException>(() => KubernetesApiFactory.Create(path, "test")).Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_caller_names_must_be_there() =>
        Assert.Equal("KubeconfigNotFound", Assert.Throws<MeshException>(() => Kubeconfig.Load(Path.Combine(_folder.FullName, "absent"))).Id);

    [Fact]
    public void A_file_of_the_environment_may_be_missing_as_long_as_another_is_there()
    {
        var path = Write("config", "current-context: a");
        var before = Environment.GetEnvironmentVariable("KUBECONFIG");
        try
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", string.Join(Path.PathSeparator, Path.Combine(_folder.FullName, "absent"), $"\"{path}\""));
            Assert.Equal([path], Kubeconfig.Load(null)!.Paths);

            // PowerShell's location is not the folder of its process; kubectl would be started in the location.
            Environment.SetEnvironmentVariable("KUBECONFIG", Path.Combine(".", "config"));
            Assert.Equal([path], Kubeconfig.Load(null, _folder.FullName)!.Paths);

            Environment.SetEnvironmentVariable("KUBECONFIG", Path.Combine(_folder.FullName, "absent"));
            Assert.Equal("KubeconfigNotFound", Assert.Throws<MeshException>(() => Kubeconfig.Load(null)).Id);
        }
        finally
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", before);
        }
    }

    [Fact]
    public void The_mark_of_the_sandbox_is_read_with_what_stands_beside_it()
    {
        var path = Write("config", """
            current-context: s
            contexts:
            - name: s
              context:
                cluster: c
                extensions: [{ name: voicecore.io/sandbox, extension: { state: /somewhere, processId: 7 } }]
            clusters: [{ name: c, cluster: { server: "https://127.0.0.1:1" } }]
            """);

        using var api = KubernetesApiFactory.Create(path, null);

        Assert.True(api.Connection.IsSandbox);
        Assert.Equal("/somewhere", api.Connection.SandboxFacts["state"]);
        Assert.Equal("7", api.Connection.SandboxFacts["processId"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
