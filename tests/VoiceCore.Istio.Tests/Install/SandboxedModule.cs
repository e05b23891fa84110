using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>The module in a real engine, a sandbox for it to work on, and a definition with images.</summary>
internal sealed class SandboxedModule : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-install-");
    private readonly ModuleSession _session = new();

    private SandboxedModule(MeshSandbox sandbox)
    {
        Sandbox = sandbox;
        File.WriteAllText(PathOf("config"), sandbox.Kubeconfig);
        Define();
        Api = KubernetesApiFactory.Create(PathOf("config"), context: null);
    }

    internal MeshSandbox Sandbox { get; }

    internal KubernetesApi Api { get; }

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<SandboxedModule> StartAsync() => new(await MeshSandbox.StartAsync(new MeshSandboxOptions(), Stop));

    /// <summary>Writes the definition: VoiceCore's with images, and with what <paramref name="change"/> makes of its text.</summary>
    internal void Define(Func<string, string>? change = null)
    {
        var text = MeshDefinitionFile.VoiceCoreText.Replace("# registry: registry.example.com", "registry: registry.example.com", StringComparison.Ordinal);
        File.WriteAllText(PathOf("mesh.yaml"), change is null ? text : change(text));
    }

    /// <summary>Runs a cmdlet on the sandbox with the definition.</summary>
    internal ModuleResult Run(string cmdlet)
    {
        Sandbox.Requests.Clear();
        return _session.Run(Script(cmdlet));
    }

    /// <summary>Runs a script whose <c>$mesh</c> names the sandbox to every cmdlet, as <c>@mesh</c>.</summary>
    internal ModuleResult RunScript(string script)
    {
        Sandbox.Requests.Clear();
        return _session.Run(WithMesh(script));
    }

    /// <summary>As <see cref="Run"/>, for a test that stops it.</summary>
    internal PowerShell Create(string cmdlet) => _session.Create(Script(cmdlet));

    /// <summary>As <see cref="RunScript"/>, for a test that stops it.</summary>
    internal PowerShell CreateScript(string script) => _session.Create(WithMesh(script));

    /// <inheritdoc cref="ModuleSession.StopAsync"/>
    internal Task StopAsync(PowerShell shell) => _session.StopAsync(shell);

    /// <inheritdoc cref="ModuleSession.Complete"/>
    internal string[] Complete(string line) => _session.Complete(line);

    private string WithMesh(string script) => $"$mesh = @{{ Kubeconfig = '{PathOf("config")}' }}\n{script}";

    private string Script(string cmdlet) => $"{cmdlet} -DefinitionPath '{PathOf("mesh.yaml")}' -Kubeconfig '{PathOf("config")}' -WarningAction Ignore";

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The rows that have another action than this one, as text.</summary>
    internal static IEnumerable<string> Except(ModuleResult result, string action) =>
        result.Output.Where(row => Text(row, "Action") != action).Select(row => $"{Text(row, "Action")} {Text(row, "Object")}");

    /// <summary>Every object of the cluster but events, as text.</summary>
    internal async Task<List<string>> EverythingAsync()
    {
        var names = new List<string>();
        Api.ResetDiscovery();
        foreach (var resource in (await Api.ListResourcesAsync(Stop)).Where(resource => resource.Kind != "Event" && resource.Verbs.Contains("list")))
        {
            await foreach (var item in Api.ListAsync(resource, null, new ListOptions { MetadataOnly = true }, Stop))
                names.Add(item.Reference.ToString());
        }

        return names;
    }

    internal static string Text(PSObject item, string property) => item.Properties[property]?.Value?.ToString() ?? "";

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        _session.Dispose();
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
