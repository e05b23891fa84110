using VoiceCore.Istio.Sandbox;

namespace VoiceCore.Istio.Integration;

/// <summary>The contract against the sandbox's own API server: it needs nothing but this machine.</summary>
public sealed class SandboxContractTests(SandboxContractTests.Server server) : KubernetesApiContract, IClassFixture<SandboxContractTests.Server>
{
    protected override string? KubeconfigPath => server.KubeconfigPath;

    protected override string Reason => "";

    /// <summary>One sandbox for all tests.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("voicecore-sandbox-test-").FullName;
        private MeshSandbox? _sandbox;

        public string KubeconfigPath => Path.Combine(_folder, "kubeconfig");

        public async ValueTask InitializeAsync()
        {
            _sandbox = await MeshSandbox.StartAsync(new MeshSandboxOptions(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(KubeconfigPath, _sandbox.Kubeconfig, TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _sandbox!.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
