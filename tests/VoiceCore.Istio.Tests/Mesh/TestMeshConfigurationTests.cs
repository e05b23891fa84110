using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using VoiceCore.Istio.Core.Tests.Processes;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Findings of the module and of a stand-in for istioctl in one report, through the real engine.</summary>
public sealed class TestMeshConfigurationTests : IDisposable
{
    private const string Version = """{"clientVersion":{"version":"1.31.0"}}""";

    // One that the module has as well, under a code of its own, and one that it leaves to istioctl.
    private const string Analysis = """
        [
          {"code":"IST0174","documentationUrl":"https://istio.io/latest/docs/reference/config/analysis/ist0174/","level":"Warning","message":"The host nobody does not match any services.","origin":"DestinationRule shop/lost","reference":"mesh/rule.yaml:3"},
          {"code":"IST0133","documentationUrl":"https://istio.io/latest/docs/reference/config/analysis/ist0133/","level":"Error","message":"Schema validation error.","origin":"EnvoyFilter shop/odd","reference":"mesh/filter.yaml:1"}
        ]
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-configuration-");
    private readonly ModuleSession _session = new();
    private readonly Dictionary<string, object?> _variables;

    public TestMeshConfigurationTests()
    {
        var mesh = _folder.CreateSubdirectory("mesh").FullName;
        File.WriteAllText(Path.Combine(mesh, "rule.yaml"), """
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
        var suppressions = Path.Combine(_folder.FullName, "suppressions.yaml");
        File.WriteAllText(suppressions, "suppressions:\n- code: IST0133\n  object: EnvoyFilter shop/*\n  reason: It is known.\n");
        _variables = new()
        {
            ["mesh"] = mesh,
            ["suppressions"] = suppressions,
            ["istioctl"] = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ReplayIstioctl.exe" : "ReplayIstioctl"),
        };
        Environment.SetEnvironmentVariable("REPLAY", $"version={Recording("version", Version, 0)}|analyze={Recording("analyze", Analysis, 79)}");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("REPLAY", null);
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void What_both_find_stands_once_and_the_gravest_comes_first()
    {
        var findings = Run("").ThrowOnError().Output;

        Assert.Equal(["IST0133 istioctl EnvoyFilter shop/odd", "VCM0210 VoiceCore DestinationRule shop/lost"], findings.Select(item => $"{item.Properties["Code"].Value} {item.Properties["Source"].Value} {item.Properties["Subject"].Value}"));
    }

    [Fact]
    public void Every_report_has_the_findings_of_both()
    {
        Assert.Equal(["IST0133", "VCM0210"], JsonNode.Parse(Text("-As Json"))!.AsArray().Select(item => (string?)item!["code"]));
        Assert.Equal(["IST0133", "VCM0210"], XElement.Parse(Text("-As JUnit")).Descendants("testcase").Select(item => (string?)item.Attribute("classname")));
        Assert.Equal(["IST0133", "VCM0210"], JsonNode.Parse(Text("-As Sarif"))!["runs"]![0]!["results"]!.AsArray().Select(item => (string?)item!["ruleId"]));
        Assert.Equal(2, Run("-As AzureDevOps").Output.Count);
    }

    [Fact]
    public void What_istioctl_finds_counts_for_the_outcome_until_it_is_suppressed()
    {
        Assert.Equal(["MeshConfigurationFailed"], Run("-FailOn Error").ErrorIds);

        var suppressed = Run("-FailOn Error -SuppressionFile $suppressions").ThrowOnError();

        Assert.Equal(["VCM0210"], suppressed.Output.Select(item => item.Properties["Code"].Value));
        var skipped = Assert.Single(XElement.Parse(Text("-As JUnit -SuppressionFile $suppressions")).Descendants("skipped"));
        Assert.Equal("It is known.", (string?)skipped.Attribute("message"));
    }

    [Theory]
    [InlineData("", new[] { "SnapshotObjectInvalid" })]
    [InlineData("-FailOn Error", new[] { "SnapshotObjectInvalid", "MeshConfigurationUnread" })]
    public void What_cannot_be_judged_is_an_error_and_not_in_order(string arguments, string[] errors)
    {
        var odd = Path.Combine(_folder.FullName, "odd.yaml");
        File.WriteAllText(odd, "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { name: odd, namespace: shop }\nspec: { accessLogging: true }\n");

        Assert.Equal(errors, _session.Run($"Test-MeshConfiguration -SnapshotPath '{odd}' -SkipIstioctl {arguments}").ErrorIds);
    }

    [Fact]
    public void An_istioctl_that_fails_is_a_warning_and_the_module_goes_on()
    {
        Environment.SetEnvironmentVariable("REPLAY", $"version={Recording("version", Version, 0)}|analyze={Recording("broken", "", 1)}");

        var result = Run("").ThrowOnError();

        Assert.Equal(["VCM0210"], result.Output.Select(item => item.Properties["Code"].Value));
        Assert.Contains("istioctl analyze was not run", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("child")]
    public async Task Stopping_the_pipeline_ends_istioctl_and_its_children(string behaviour)
    {
        var pid = Path.Combine(_folder.FullName, "pid");
        Environment.SetEnvironmentVariable("REPLAY", $"version={Recording("version", Version, 0)}|analyze={behaviour}");
        Environment.SetEnvironmentVariable("REPLAY_PID", pid);
        Run("-SkipIstioctl").ThrowOnError();
        var shell = _session.Create("Test-MeshConfiguration -SnapshotPath $mesh -IstioctlPath $istioctl");
        var running = shell.BeginInvoke();
        var process = await WatchedProcess.HangingAsync(pid, Stop);

        var waited = Stopwatch.StartNew();
        await _session.StopAsync(shell);

        TestContext.Current.TestOutputHelper?.WriteLine($"Stopped after {waited.ElapsedMilliseconds} ms.");
        Assert.True(running.IsCompleted);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        await WatchedProcess.EndedAsync(process, Stop);
    }

    private ModuleResult Run(string arguments) => _session.Run($"Test-MeshConfiguration -SnapshotPath $mesh -IstioctlPath $istioctl {arguments}", _variables);

    private string Text(string arguments) => (string)Assert.Single(Run(arguments).ThrowOnError().Output).BaseObject;

    private string Recording(string name, string output, int exitCode)
    {
        var folder = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "stdout.txt"), output);
        File.WriteAllText(Path.Combine(folder, "exit-code"), $"{exitCode}");
        return folder;
    }
}
