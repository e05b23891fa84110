using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox;

/// <summary>A running rehearsal cluster: a Kubernetes API server on 127.0.0.1 with its controllers, all within this process.</summary>
public sealed class MeshSandbox : IAsyncDisposable
{
    private readonly ControllerLoop _loop;

    private MeshSandbox(ControllerLoop loop, SandboxCluster cluster)
    {
        _loop = loop;
        Cluster = cluster;
    }

    /// <summary>The cluster, for the sandbox's own parts and for tests.</summary>
    public SandboxCluster Cluster { get; }

    /// <summary>Starts a sandbox.</summary>
    public static Task<MeshSandbox> StartAsync(MeshSandboxOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var loop = new ControllerLoop(options.Clock);
        var cluster = new SandboxCluster(loop, options.Admissions, options.Clock);
        loop.Start(cluster, options.Controllers);
        return Task.FromResult(new MeshSandbox(loop, cluster));
    }

    /// <summary>Waits until the controllers have nothing more to do for what happened up to now. What they put off to later is not waited for.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => _loop.SettleAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();
}
