using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Controllers;
using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Injection;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Rest;

namespace VoiceCore.Istio.Sandbox;

/// <summary>A running rehearsal cluster: a Kubernetes API server on 127.0.0.1 with its controllers, all within this process.</summary>
public sealed class MeshSandbox : IAsyncDisposable
{
    private readonly ControllerLoop _loop;
    private readonly ServerCertificates _certificates;
    private readonly HttpServer _server;

    private MeshSandbox(MeshSandboxOptions options)
    {
        _loop = new ControllerLoop(options.Clock);
        Cluster = new SandboxCluster(_loop, [new UnsupportedWorkloads(), new WebhookAdmission(), .. options.Admissions], options.Clock);
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
            Cluster.Objects.Create(BuiltInKinds.Namespace, Namespace(name), new WriteSettings("kube-apiserver"));
        SandboxNodes.Create(Cluster);
        _loop.Start(Cluster,
        [
            new CustomResourceController(), new NamespaceController(), new GarbageCollector(),
            new DeploymentController(), new ReplicaSetController(), new Kubelet(options.PodStartDelay),
            new EndpointSliceController(), new AutoscalerController(), new DisruptionBudgetController(), new IstiodController(options.Clock), .. options.Controllers,
        ]);

        var token = new BearerToken();
        _certificates = new ServerCertificates(DateTimeOffset.UtcNow);
        _server = new HttpServer(_certificates.Server, new RestApi(Cluster, token, Requests, Faults).HandleAsync);
        Kubeconfig = SandboxKubeconfig.Text(options.ContextName, _server.Address, _certificates.AuthorityPem, token.Value, options.Facts);
    }

    /// <summary>The cluster, for the sandbox's own parts and for tests.</summary>
    public SandboxCluster Cluster { get; }

    /// <summary>Where it listens.</summary>
    public Uri Server => _server.Address;

    /// <summary>The text of a kubeconfig with its one context. It holds the token: whoever can read it can use the sandbox.</summary>
    public string Kubeconfig { get; }

    /// <summary>The requests that were answered.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Failures to rehearse.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Starts a sandbox.</summary>
    public static Task<MeshSandbox> StartAsync(MeshSandboxOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(() => new MeshSandbox(options), cancellationToken);
    }

    /// <summary>Waits until the controllers have nothing more to do for what happened up to now. What they put off to later is not waited for.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => _loop.SettleAsync(cancellationToken);

    private static JsonObject Namespace(string name) => new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _loop.DisposeAsync();
        _certificates.Dispose();
    }
}
