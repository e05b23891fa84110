using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Processes;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// <c>Test-MeshConfiguration</c> through the real engine against a real API server, with the real istioctl (<c>ConfigurationMesh.yaml</c>).
/// </summary>
[Collection(nameof(LabMesh))]
public sealed class ConfigurationLabTests(LabMesh mesh, ITestOutputHelper output) : IDisposable
{
    private const string OurFaults = "| Where-Object Subject -Match '\\bfaults/'";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-configuration-");
    private readonly ModuleSession _session = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Findings_of_the_module_and_of_istioctl_are_one_report()
    {
        mesh.SkipWhenAbsent();
        await mesh.ApplyAsync(Path.Combine(AppContext.BaseDirectory, "ConfigurationMesh.yaml"));
        await LabMesh.EventuallyAsync(async () => (await mesh.SnapshotAsync()).Pods.Any(pod => pod.Key == "faults/shop" && pod.Ready), "the pod is ready");

        var findings = Run(OurFaults).ThrowOnError().Output.Select(Finding.Of).ToArray();
        foreach (var finding in findings)
            output.WriteLine($"{finding.Code} {finding.Severity,-7} {finding.Subject} ({finding.Source})");
        await NothingOfIstioctlIsLostAsync(findings);
        TheModuleFindsMore(findings);
        ReportsHaveTheSame(findings);
        TheOutcomeIsTrue();
        await StoppingEndsIstioctlAsync();
    }

    // What the analyzers print for themselves is there, as it is or under the module's code for the same.
    private static async Task NothingOfIstioctlIsLostAsync(Finding[] findings)
    {
        var analyzed = AnalyzerFindings.Parse((await LabMesh.RunAsync("istioctl", ["analyze", "--all-namespaces", "-o", "json"], mayFail: true)).Output)
            .Where(finding => finding.Subject!.Contains(" faults/", StringComparison.Ordinal)).ToArray();
        Assert.True(analyzed.Length >= 8);
        foreach (var message in analyzed)
        {
            Assert.Contains(
                findings.Where(finding => finding.Subject == message.Subject),
                finding => finding.Code == message.Code || (FindingCatalog.Find(finding.Code)?.SameAs ?? []).Contains(message.Code));
        }

        Assert.Equal(["IST0132", "IST0133"], findings.Where(finding => finding.Source == AnalyzerFindings.Source).Select(finding => finding.Code).Order());
    }

    // Retries beyond the time-out and outlier detection that cannot eject: no analyzer looks for them.
    private static void TheModuleFindsMore(Finding[] findings)
    {
        Assert.Contains(findings, finding => finding is { Code: "VCM0201", Subject: "VirtualService faults/shop" });
        Assert.Contains(findings, finding => finding is { Code: "VCM0203", Subject: "DestinationRule faults/shop" });
    }

    private void ReportsHaveTheSame(Finding[] findings)
    {
        var codes = findings.Select(finding => finding.Code).Order().ToArray();
        Assert.Equal(codes, JsonNode.Parse(Text("-As Json"))!.AsArray().Where(item => IsOurs((string?)item!["subject"])).Select(item => (string)item!["code"]!).Order());
        Assert.Equal(codes, XElement.Parse(Text("-As JUnit")).Descendants("testcase").Where(item => IsOurs((string?)item.Attribute("name"))).Select(item => (string)item.Attribute("classname")!).Order());

        var path = Path.Combine(_folder.FullName, "mesh.sarif");
        Assert.Empty(Run($"-As Sarif -OutputPath '{path}'").ThrowOnError().Output);
        var results = JsonNode.Parse(File.ReadAllText(path))!["runs"]![0]!["results"]!.AsArray();
        Assert.Superset(codes.ToHashSet(), results.Select(result => (string)result!["ruleId"]!).ToHashSet());
    }

    private void TheOutcomeIsTrue()
    {
        Assert.Equal(["MeshConfigurationFailed"], Run("-FailOn Error").ErrorIds);

        // A code of istioctl, the module's own, and one of istioctl that stands for the module's.
        var suppressions = Path.Combine(_folder.FullName, "suppressions.yaml");
        File.WriteAllText(suppressions, string.Concat("suppressions:\n", string.Concat(
            new[] { ("IST0133", "EnvoyFilter"), ("VCM0201", "VirtualService"), ("IST0174", "DestinationRule") }
                .Select(item => $"- code: {item.Item1}\n  object: {item.Item2} faults/*\n  reason: It is known.\n"))));
        var left = Run($"-SuppressionFile '{suppressions}' {OurFaults}").ThrowOnError().Output.Select(Finding.Of).ToArray();
        Assert.Empty(left.Select(finding => finding.Code).Intersect(["IST0133", "VCM0201", "VCM0210"]));
        Assert.Contains(left, finding => finding.Code == "VCM0203");
        Assert.Equal(3, XElement.Parse(Text($"-As JUnit -SuppressionFile '{suppressions}'")).Descendants("skipped").Count());

        // What may not be read is not in order.
        var nobody = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG_NOBODY");
        Assert.NotNull(nobody);
        Assert.Contains("MeshConfigurationUnread", _session.Run($"Test-MeshConfiguration -Kubeconfig '{nobody}' -FailOn Error").ErrorIds);
    }

    // The real program is halted while it runs, so that the pipeline is stopped in the middle of its work.
    private async Task StoppingEndsIstioctlAsync()
    {
        using var shell = _session.Create("Test-MeshConfiguration");
        var running = shell.BeginInvoke();
        int? process = null;
        while ((process = Analyzer()) is null)
        {
            Assert.False(running.IsCompleted);
            await Task.Yield();
        }

        await LabMesh.RunAsync("kill", ["-STOP", $"{process}"]);
        Assert.False(running.IsCompleted);
        var waited = Stopwatch.StartNew();
        await Task.Run(shell.Stop, Stop);

        output.WriteLine($"Stopped after {waited.ElapsedMilliseconds} ms.");
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        await WatchedProcess.EndedAsync(process.Value, Stop);
    }

    // The istioctl that this process started.
    private static int? Analyzer()
    {
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            foreach (var child in Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Read($"/proc/{child}/cmdline").Split('\0') is [_, "analyze", ..])
                    return int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return null;

        static string Read(string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (IOException)
            {
                // The thread or the process has ended meanwhile.
                return "";
            }
        }
    }

    private static bool IsOurs(string? subject) => subject?.Contains(" faults/", StringComparison.Ordinal) == true;

    private ModuleResult Run(string arguments) => _session.Run($"Test-MeshConfiguration {arguments}");

    private string Text(string arguments) => (string)Assert.Single(Run(arguments).ThrowOnError().Output).BaseObject;

    private sealed record Finding(string Code, string Severity, string Subject, string Source)
    {
        internal static Finding Of(PSObject item) => new($"{item.Properties["Code"].Value}", $"{item.Properties["Severity"].Value}", $"{item.Properties["Subject"].Value}", $"{item.Properties["Source"].Value}");
    }
}
