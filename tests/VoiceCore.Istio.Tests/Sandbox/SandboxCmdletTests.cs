using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Sandbox;

/// <summary>The cmdlets of rehearsal clusters, through the real engine.</summary>
public sealed class SandboxCmdletTests : IDisposable
{
    private readonly ModuleSession _session = new();

    [Fact]
    public void A_sandbox_is_started_found_and_stopped()
    {
        var output = _session.Run("""
            $sandbox = Start-MeshSandbox engine-whole
            $sandbox.State, (Get-MeshSandbox engine-w*).Name, [System.IO.File]::Exists($sandbox.Kubeconfig)
            ($sandbox | Stop-MeshSandbox -PassThru).State, [System.IO.File]::Exists($sandbox.Kubeconfig)
            """).ThrowOnError().Output.Select(item => item.ToString());

        Assert.Equal(["Running", "engine-whole", "True", "Stopped", "False"], output);
    }

    [Theory]
    [InlineData("Get-MeshSandbox engine-absent", "SandboxNotFound")]
    [InlineData("Stop-MeshSandbox engine-absent", "SandboxNotFound")]
    [InlineData("Start-MeshSandbox engine-version -IstioVersion 0.1", "SandboxVersionInvalid")]
    public void What_cannot_be_is_an_error_of_one_item(string script, string id) => Assert.Equal([id], _session.Run(script).ErrorIds);

    [Fact]
    public void A_name_that_nobody_has_does_not_keep_the_others_running()
    {
        var result = _session.Run("$null = Start-MeshSandbox engine-item; 'engine-absent', 'engine-item' | Stop-MeshSandbox -PassThru");

        Assert.Equal(["SandboxNotFound"], result.ErrorIds);
        var stopped = Assert.Single(result.Output);
        Assert.Equal(("engine-item", "Stopped"), (stopped.Properties["Name"].Value, stopped.Properties["State"].Value.ToString()));
    }

    [Fact]
    public void WhatIf_starts_and_stops_nothing()
    {
        var output = _session.Run("""
            $kept = Start-MeshSandbox engine-kept
            Start-MeshSandbox engine-planned -WhatIf
            Stop-MeshSandbox engine-kept -PassThru -WhatIf
            Get-MeshSandbox engine-kept, engine-planned* | ForEach-Object { "$($_.Name) $($_.State)" }
            $kept | Stop-MeshSandbox
            """).ThrowOnError().Output.Select(item => item.ToString());

        Assert.Equal(["engine-kept Running"], output);
    }

    [Fact]
    public async Task With_Wait_it_lives_until_the_pipeline_is_stopped()
    {
        var shell = _session.Create("Start-MeshSandbox engine-wait -Wait");
        using var output = new System.Management.Automation.PSDataCollection<System.Management.Automation.PSObject>();
        var written = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        output.DataAdded += (_, added) => written.TrySetResult(output[added.Index].Properties["Kubeconfig"].Value.ToString()!);
        shell.BeginInvoke<System.Management.Automation.PSObject, System.Management.Automation.PSObject>(null, output);
        var kubeconfig = await written.Task.WaitAsync(ModuleSession.Patience, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(kubeconfig));

        await _session.StopAsync(shell);

        Assert.False(File.Exists(kubeconfig));
    }

    public void Dispose() => _session.Dispose();
}
