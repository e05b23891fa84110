using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Sandbox.Rest;
using VoiceCore.Istio.Tests.Engine;
using VoiceCore.Istio.Tests.Install;
using static VoiceCore.Istio.Tests.Rules.ModuleCmdlets;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every cmdlet that reads a cluster keeps to: it ends when it is stopped, though the cluster does not answer.</summary>
public sealed class StopRulesTests : IAsyncLifetime
{
    private SandboxedModule _module = null!;

    public static TheoryData<string> Cmdlets => [.. Names.Where(cmdlet => TypeOf(cmdlet).IsSubclassOf(typeof(KubernetesCmdlet)))];

    public async ValueTask InitializeAsync() => _module = await SandboxedModule.StartAsync();

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task Ends_when_it_is_stopped_while_it_waits_for_the_cluster(string cmdlet)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _module.Sandbox.Faults.Add(new Fault(request =>
        {
            if (request.Method != "GET")
                return false;
            asked.TrySetResult();
            return true;
        }) { Delay = TimeSpan.FromHours(1), Times = int.MaxValue });
        var shell = _module.CreateScript($"{cmdlet} {Arguments(cmdlet)} @mesh");
        shell.BeginInvoke();
        await asked.Task.WaitAsync(ModuleSession.Patience, SandboxedModule.Stop);

        await _module.StopAsync(shell);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
    }

    // What the cmdlet does not come as far as the cluster without.
    private string Arguments(string cmdlet) => cmdlet switch
    {
        "Compare-MeshSnapshot" => $"'{Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "canary.yaml")}'",
        "Export-MeshSnapshot" => $"'{_module.PathOf("saved.json.gz")}'",
        "Set-MeshInjection" => "shop -Disabled",
        "Set-MeshTrafficSplit" => "tenant -Weight @{ v1 = 100 }",
        "Test-MeshAuthorization" => "-To shop/tenant",
        "Test-MeshConfiguration" => "-SkipIstioctl",
        _ => "",
    };
}
