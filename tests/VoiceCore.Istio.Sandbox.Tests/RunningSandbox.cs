using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Tests;

/// <summary>A sandbox and a client of it.</summary>
internal sealed class RunningSandbox : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voicecore-sandbox-test-").FullName;

    private RunningSandbox(MeshSandbox sandbox)
    {
        Sandbox = sandbox;
        var kubeconfig = Path.Combine(_folder, "kubeconfig");
        File.WriteAllText(kubeconfig, sandbox.Kubeconfig);
        Api = KubernetesApiFactory.Create(kubeconfig, context: null);
    }

    internal MeshSandbox Sandbox { get; }

    internal KubernetesApi Api { get; }

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<RunningSandbox> StartAsync(MeshSandboxOptions? options = null) =>
        new(await MeshSandbox.StartAsync(options ?? new MeshSandboxOptions(), Stop));

    /// <summary>Applies an object and waits for what the controllers make of it.</summary>
    internal async Task<KubernetesObject> ApplyAsync(string json)
    {
        var applied = await Api.ApplyAsync(new KubernetesObject((JsonObject)JsonNode.Parse(json)!), new ApplyOptions(), Stop);
        await Sandbox.SettleAsync(Stop);
        return applied;
    }

    internal async Task<KubernetesObject?> GetAsync(string group, string kind, string? @namespace, string name)
    {
        await Sandbox.SettleAsync(Stop);
        return await Api.GetAsync(new ObjectReference(group, kind, @namespace, name), Stop);
    }

    internal async Task<List<KubernetesObject>> ListAsync(string group, string kind, string @namespace)
    {
        await Sandbox.SettleAsync(Stop);
        var list = new List<KubernetesObject>();
        await foreach (var item in Api.ListAsync((await Api.FindResourceAsync(group, kind, null, Stop))!, @namespace, ListOptions.All, Stop))
            list.Add(item);
        return list;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
