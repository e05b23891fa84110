using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Tests.Processes;

namespace VoiceCore.Istio.Core.Tests.Istioctl;

/// <summary>istioctl as a child process that replays what the real one printed.</summary>
public sealed class ProcessIstioctlTests : IDisposable
{
    private const string Version = """{"clientVersion":{"version":"1.30.3","revision":"x","golang_version":"go1.25","status":"Clean","tag":"1.30.3"}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("istioctl");
    private readonly RecordingLog _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ControlPlaneRequest Request => new()
    {
        OperatorDocuments = ["kind: IstioOperator\n", "kind: IstioOperator # overlay\n"],
        Revision = "1-30-3",
        Settings = new Dictionary<string, string> { ["hub"] = "registry.example.com/istio" },
    };

    [Fact]
    public async Task The_version_is_read_behind_log_lines()
    {
        Play(("version", "2026-11-24T06:00:27.317557Z\terror\tport forward failed: refused\n" + Version + "\n", "", 0));

        var version = await New().GetClientVersionAsync(Stop);

        Assert.Equal("1.30.3", version.Text);
    }

    [Theory]
    [InlineData("""{"clientVersion":{"version":"1.19.9"}}""", 0, "IstioctlTooOld")]
    [InlineData("""{"clientVersion":{"version":"unknown"}}""", 0, "IstioctlVersionFailed")]
    [InlineData("not json", 0, "IstioctlVersionFailed")]
    [InlineData("{ broken", 0, "IstioctlVersionFailed")]
    [InlineData("", 64, "IstioctlVersionFailed")]
    public async Task A_version_that_cannot_be_used_is_an_error(string output, int exitCode, string id)
    {
        Play(("version", output, "Error: unknown flag\n", exitCode));

        Assert.Equal(id, (await Assert.ThrowsAsync<MeshException>(() => New().GetClientVersionAsync(Stop))).Id);
    }

    [Fact]
    public async Task Documents_revision_and_settings_are_handed_over_in_order()
    {
        Play(("version", Version, "", 0));
        var istioctl = New();
        await istioctl.GetClientVersionAsync(Stop);
        Environment.SetEnvironmentVariable("REPLAY", "arguments");

        var output = (await istioctl.GenerateManifestAsync(Request, Stop)).ReplaceLineEndings("\n");

        Assert.StartsWith(
            "manifest\ngenerate\n-f\noperator-1.yaml\n-f\noperator-2.yaml\n--revision\n1-30-3\n--set\nhub=registry.example.com/istio\n"
            + "operator-1.yaml: kind: IstioOperator\n\noperator-2.yaml: kind: IstioOperator # overlay\n\n",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_comes_without_log_lines()
    {
        Play(
            ("version", Version, "", 0),
            ("manifest", "2026-11-24T06:00:27.317557Z\twarn\tsomething\napiVersion: v1\nkind: Service\n", "", 0));

        Assert.Equal("apiVersion: v1\nkind: Service\n", await New().GenerateManifestAsync(Request, Stop));
    }

    // 79: found something grave; 65: some files could not be read (istioctl/cmd/sysexits.go).
    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(79)]
    public async Task Messages_of_analyzers_are_taken_whatever_their_exit_code_says_of_them(int exitCode)
    {
        Play(("version", Version, "", 0), ("analyze", "2026-11-24T06:00:27.317557Z\twarn\tsomething\n[]\n", "Error: found issues\n", exitCode));

        Assert.Equal("[]\n", await New().AnalyzeAsync(_folder.FullName, _log, Stop));
        Assert.StartsWith("istioctl analyze --all-namespaces -o json", Assert.Single(_log.Details), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyzers_that_fail_are_an_error()
    {
        Play(("version", Version, "", 0), ("analyze", "", "Error: no cluster\n", 1));

        Assert.Equal("IstioctlAnalyzeFailed", (await Assert.ThrowsAsync<MeshException>(() => New().AnalyzeAsync(null, _log, Stop))).Id);
    }

    [Fact]
    public async Task The_progress_of_an_install_is_told_and_its_drawing_is_not()
    {
        Play(
            ("version", Version, "", 0),
            ("install", "\n  |\\\n / ||  \\\n\n- Processing resources for Istio core.\n✔ Istio core installed ⛵️\n", "", 0));

        await New().InstallAsync(Request, _log, Stop);

        Assert.Equal(["Processing resources for Istio core.", "Istio core installed ⛵️"], _log.Steps);
        Assert.Contains("istioctl install -y --readiness-timeout 300s -f operator-1.yaml -f operator-2.yaml --revision 1-30-3 --set hub=registry.example.com/istio", _log.Details);
        Assert.DoesNotContain(_log.Details, line => line.Contains('|', StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_uninstall_of_what_is_gone_already_is_no_failure()
    {
        Play(("version", Version, "", 0), ("uninstall", "", "Error: could not find target revision 1-30-3\n", 1));

        await New().UninstallAsync("1-30-3", _log, Stop);

        Assert.Contains("1-30-3", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_istioctl_that_hangs_ends_with_the_pipeline()
    {
        var pid = Path.Combine(_folder.FullName, "pid");
        Environment.SetEnvironmentVariable("REPLAY", "hang");
        Environment.SetEnvironmentVariable("REPLAY_PID", pid);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var running = New().GetClientVersionAsync(stop.Token);
        var process = await WatchedProcess.HangingAsync(pid, Stop);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await WatchedProcess.EndedAsync(process, Stop);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_an_error()
    {
        var file = Path.Combine(_folder.FullName, "istioctl.exe");
        await File.WriteAllTextAsync(file, "no program", Stop);

        Assert.Equal("IstioctlNotStarted", (await Assert.ThrowsAsync<MeshException>(() => New(file).GetClientVersionAsync(Stop))).Id);
    }

    [Fact]
    public void An_istioctl_that_is_not_there_is_an_error() =>
        Assert.Equal(
            "IstioctlNotFound",
            Assert.Throws<MeshException>(() => IstioctlFactory.Create(Path.Combine(_folder.FullName, "absent"), connection: null, _ => throw new InvalidOperationException())).Id);

    [Fact]
    public void The_mark_of_the_sandbox_decides_before_any_program()
    {
        var sandbox = New();
        var connection = new ClusterConnection("c", new Uri("https://127.0.0.1"), null, "default", [], IsSandbox: true);

        Assert.Same(sandbox, IstioctlFactory.Create("absent", connection, _ => sandbox));
    }

    [Theory]
    [InlineData("install-bad-revision", "install", "IstioctlInstallFailed", "invalid revision specified: 1.20.0.")]
    [InlineData("install-operator-malformed", "install", "IstioctlInstallFailed", "yaml: line 7")]
    [InlineData("install-1-20-0-not-ready-timeout", "install", "IstioctlInstallFailed", null)]
    [InlineData("forbidden-install", "install", "IstioctlInstallFailed", "forbidden")]
    [InlineData("unreachable-install", "install", "IstioctlInstallFailed", "connection refused")]
    [InlineData("manifest-generate-unknown-field", "manifest", "IstioctlManifestFailed", "unknown field \"meshConfg\"")]
    [InlineData("manifest-generate-unknown-profile", "manifest", "IstioctlManifestFailed", "profile \"enterprise\" not found")]
    [InlineData("unreachable-uninstall", "uninstall", "IstioctlUninstallFailed", "connection refused")]
    public async Task Recorded_failures_keep_the_reason(string recording, string command, string id, string? reason)
    {
        PlayRecording(command, recording);

        var error = await Assert.ThrowsAsync<MeshException>(() => RunAsync(command));

        Assert.Equal(id, error.Id);
        Assert.Contains(reason ?? "", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("install-1-20-0", "install")]
    [InlineData("install-1-21-0", "install")]
    [InlineData("uninstall-1-21-0", "uninstall")]
    [InlineData("uninstall-revision-absent", "uninstall")]
    public async Task Recorded_successes_succeed(string recording, string command)
    {
        PlayRecording(command, recording);

        await RunAsync(command);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("REPLAY", null);
        Environment.SetEnvironmentVariable("REPLAY_PID", null);
        _folder.Delete(recursive: true);
    }

    private static ProcessIstioctl New(string? program = null) => new(program ?? Replay.Program, connection: null);

    private Task RunAsync(string command) => command switch
    {
        "install" => New().InstallAsync(Request, _log, Stop),
        "uninstall" => New().UninstallAsync("1-30-3", _log, Stop),
        _ => New().GenerateManifestAsync(Request, Stop),
    };

    private void PlayRecording(string command, string name)
    {
        Assert.SkipWhen(SharedData.Folder is null, "The recordings are not here.");
        Play(("version", Version, "", 0));
        var replay = Environment.GetEnvironmentVariable("REPLAY");
        Environment.SetEnvironmentVariable("REPLAY", $"{replay}|{command}={Path.Combine(SharedData.Folder!, "recordings", "istioctl", name)}");
    }

    private void Play(params (string Command, string Output, string Error, int ExitCode)[] calls) =>
        Environment.SetEnvironmentVariable("REPLAY", string.Join('|', calls.Select(call =>
            $"{call.Command}={Replay.Recording(_folder, call.Command, call.Output, call.Error, call.ExitCode)}")));
}
