namespace VoiceCore.Istio.Host.Tests;

/// <summary>The host answers as <c>pwsh</c> does (about_Pwsh), with the module imported.</summary>
public sealed class HostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voicecore-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("exit 5", 5)]
    [InlineData("1", 0)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("Get-NoSuchCommand", 1)]
    [InlineData("Get-NoSuchCommand; 1", 0)]
    [InlineData("if (", 1)]
    public async Task Command_gives_the_exit_code_of_pwsh(string command, int expected)
    {
        var (exitCode, _, _) = await HostProcess.RunAsync(["-Command", command]);

        Assert.Equal(expected, exitCode);
    }

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("1", 0)]
    [InlineData("throw 'bad'", 1)]
    [InlineData("Get-NoSuchCommand", 0)]
    public async Task File_gives_the_exit_code_of_pwsh(string script, int expected)
    {
        var (exitCode, _, _) = await HostProcess.RunAsync(["-File", Script(script)]);

        Assert.Equal(expected, exitCode);
    }

    [Fact]
    public async Task File_passes_its_arguments_as_pwsh_does()
    {
        var script = Script("param([string] $Name, [switch] $On, [switch] $Off, [int] $Count, $Last) \"$Name|$On|$Off|$Count|$Last\"");

        var (exitCode, output, _) = await HostProcess.RunAsync(["-File", script, "-Name", "a b; c", "-On", "-Off:$false", "-Count", "-3", "$true"]);

        Assert.Equal(0, exitCode);
        Assert.Equal("a b; c|True|False|-3|$true\n", output);
    }

    [Theory]
    [InlineData("Warning", 1)]
    [InlineData("Error", 0)]
    public async Task Findings_fail_a_command_from_the_severity_on_that_it_names(string failOn, int expected)
    {
        var mesh = Path.Combine(_folder, "mesh.yaml");
        File.WriteAllText(mesh, """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: lost, namespace: shop }
            spec: { host: nobody }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: tenant, namespace: shop }
            spec: { ports: [{ name: http, port: 80 }] }
            """);

        var (exitCode, output, _) = await HostProcess.RunAsync(["-Command", $"Test-MeshConfiguration -SnapshotPath '{mesh}' -SkipIstioctl -FailOn {failOn}"]);

        Assert.Equal(expected, exitCode);
        Assert.Contains("VCM0210", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imports_the_module()
    {
        var (_, output, _) = await HostProcess.RunAsync(["-Command", "(Get-Module VoiceCore.Istio).ModuleType"]);

        Assert.Equal("Binary\n", output);
    }

    // Build agents behind a proxy set the variable; no proxy leads to the loopback of its client.
    [Fact]
    public async Task Reaches_a_sandbox_past_the_proxy_of_the_environment()
    {
        const string Command = "$null = Start-MeshSandbox -SetEnvironment; Get-MeshInjection | ForEach-Object Namespace";

        var (exitCode, output, error) = await HostProcess.RunAsync(["-Command", Command], "", ("HTTPS_PROXY", "http://127.0.0.1:1"));

        Assert.Equal(0, exitCode);
        Assert.Contains("kube-system", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_the_command_from_standard_input()
    {
        var (exitCode, output, _) = await HostProcess.RunAsync(["-NoModule", "-Command", "-"], "'from input'; exit 4");

        Assert.Equal((4, "from input\n"), (exitCode, output));
    }

    [Fact]
    public async Task Writes_errors_to_standard_error_and_plain_text_to_a_pipe()
    {
        var (_, output, error) = await HostProcess.RunAsync(["-Command", "Get-Module; Get-NoSuchCommand"]);

        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain("Get-NoSuchCommand", output, StringComparison.Ordinal);
        Assert.Contains("Get-NoSuchCommand", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-NoSuchSwitch")]
    [InlineData("-File")]
    [InlineData("-File", "no-such-script.ps1")]
    public async Task Refuses_a_wrong_command_line(params string[] arguments)
    {
        var (exitCode, output, error) = await HostProcess.RunAsync(arguments);

        Assert.Equal(64, exitCode);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    private string Script(string text)
    {
        var path = Path.Combine(_folder, "script.ps1");
        File.WriteAllText(path, text);
        return path;
    }
}
