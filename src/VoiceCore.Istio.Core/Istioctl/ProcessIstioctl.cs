using System.ComponentModel;
using System.Globalization;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>
/// istioctl as a program. The commands used here are the same from 1.20 to 1.31 (<c>istioctl/cmd/root.go</c> at each tag).
/// Every call ends: some istioctl commands do not, when the cluster does not answer.
/// </summary>
internal sealed class ProcessIstioctl : IIstioctl
{
    private static readonly IstioVersion Oldest = new(1, 20, 0, "1.20.0");

    // "istioctl install" did not work on Windows before (release notes of Istio 1.25, note 53852).
    private static readonly IstioVersion OldestOnWindows = new(1, 25, 0, "1.25.0");

    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ManifestTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnalyzeTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan UninstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InstallMargin = TimeSpan.FromMinutes(3);

    // Base, control plane and whatever else the definition switches on: the readiness time-out counts for each.
    private const int WaitingComponents = 3;

    private const int UnreadableData = 65;
    private const int FoundIssues = 79;

    private readonly string _program;
    private readonly ClusterConnection? _connection;
    private IstioVersion? _version;

    /// <summary>Runs <paramref name="program"/> against a cluster; without one, only what asks no cluster works.</summary>
    internal ProcessIstioctl(string program, ClusterConnection? connection)
    {
        _program = program;
        _connection = connection;
    }

    /// <inheritdoc/>
    public string Description => _program;

    /// <inheritdoc/>
    public async Task<IstioVersion> GetClientVersionAsync(CancellationToken cancellationToken)
    {
        if (_version is not null)
            return _version;
        var result = await RunAsync(["version", "--remote=false", "-o", "json"], VersionTimeout, SilentActivityLog.Instance, cancellationToken);
        var text = (string?)IstioctlOutput.Json(result.StandardOutput)?["clientVersion"]?["version"];
        var version = IstioVersion.TryParse(text)
            ?? throw IstioctlErrors.Failed(nameof(IstioctlText.IstioctlVersionFailed), _program, result.ExitCode!.Value, text ?? IstioctlOutput.Reason(result.StandardError));
        var oldest = OperatingSystem.IsWindows() ? OldestOnWindows : Oldest;
        return _version = version.CompareTo(oldest) >= 0 ? version : throw IstioctlErrors.TooOld(_program, version, oldest.Text);
    }

    /// <inheritdoc/>
    public async Task<string> GenerateManifestAsync(ControlPlaneRequest request, CancellationToken cancellationToken)
    {
        await GetClientVersionAsync(cancellationToken);
        using var files = new OperatorFiles(request.OperatorDocuments);
        var result = await RunAsync(
            ["manifest", "generate", .. Arguments(request, files)],
            ManifestTimeout,
            SilentActivityLog.Instance,
            cancellationToken,
            files.Folder);
        Check(result, nameof(IstioctlText.IstioctlManifestFailed));
        return IstioctlOutput.WithoutLog(result.StandardOutput);
    }

    /// <inheritdoc/>
    public async Task<string?> AnalyzeAsync(string? path, IActivityLog log, CancellationToken cancellationToken)
    {
        await GetClientVersionAsync(cancellationToken);
        string[] target = path is null ? [.. ContextArguments()] : ["--use-kube=false", Path.GetFullPath(path)];
        var result = await RunAsync(["analyze", "--all-namespaces", "-o", "json", "--timeout", Seconds(AnalyzeTimeout), .. target], AnalyzeTimeout, log, cancellationToken, tells: false);

        // Found something grave, or could not read all of the files (istioctl/cmd/sysexits.go).
        if (result.ExitCode is not (FoundIssues or UnreadableData))
            Check(result, nameof(IstioctlText.IstioctlAnalyzeFailed));
        return IstioctlOutput.WithoutLog(result.StandardOutput);
    }

    /// <inheritdoc/>
    public async Task InstallAsync(ControlPlaneRequest request, IActivityLog log, CancellationToken cancellationToken)
    {
        await GetClientVersionAsync(cancellationToken);
        using var files = new OperatorFiles(request.OperatorDocuments);
        var result = await RunAsync(
            ["install", "-y", "--readiness-timeout", Seconds(request.ReadinessTimeout), .. Arguments(request, files), .. ContextArguments()],
            WaitingComponents * request.ReadinessTimeout + InstallMargin,
            log,
            cancellationToken,
            files.Folder);
        Check(result, nameof(IstioctlText.IstioctlInstallFailed));
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string revision, IActivityLog log, CancellationToken cancellationToken)
    {
        await GetClientVersionAsync(cancellationToken);
        var result = await RunAsync(["uninstall", "-y", "--revision", revision, .. ContextArguments()], UninstallTimeout, log, cancellationToken);

        // Gone already: an uninstall that was broken off and is repeated.
        if (result.ExitCode != 0 && result.StandardError.Contains("could not find target revision", StringComparison.Ordinal))
            log.Warning(MeshException.Format(IstioctlText.RevisionNotFound, revision));
        else
            Check(result, nameof(IstioctlText.IstioctlUninstallFailed));
    }

    private static IEnumerable<string> Arguments(ControlPlaneRequest request, OperatorFiles files) =>
    [
        .. files.Names.SelectMany(name => new[] { "-f", name }),
        "--revision", request.Revision,
        .. request.Settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }),
    ];

    private string[] ContextArguments() => _connection is { KubeconfigPaths.Count: > 0 } ? ["--context", _connection.Context] : [];

    // --kubeconfig takes one file; the variable takes all.
    private Dictionary<string, string> EnvironmentVariables() => _connection is { KubeconfigPaths.Count: > 0 }
        ? new() { ["KUBECONFIG"] = string.Join(Path.PathSeparator, _connection.KubeconfigPaths.Select(Path.GetFullPath)) }
        : [];

    // A command that prints a document has no lines to tell.
    private async Task<ProcessResult> RunAsync(string[] arguments, TimeSpan timeout, IActivityLog log, CancellationToken cancellationToken, string? folder = null, bool tells = true)
    {
        log.Verbose($"istioctl {string.Join(' ', arguments)}");
        var request = new ProcessRequest
        {
            Program = _program,
            Arguments = arguments,
            Environment = EnvironmentVariables(),
            WorkingDirectory = folder,
            Timeout = timeout,
            OnLine = tells ? line => Tell(log, $"istioctl {arguments[0]}", line) : null,
        };
        try
        {
            var result = await ProcessRunner.RunAsync(request, cancellationToken);
            return result.TimedOut
                ? throw IstioctlErrors.Timeout(_program, arguments[0], timeout, IstioctlOutput.Reason(result.StandardError))
                : result;
        }
        catch (Win32Exception error)
        {
            throw IstioctlErrors.NotStarted(_program, error);
        }
    }

    private static void Tell(IActivityLog log, string activity, string line)
    {
        if (IstioctlOutput.IsProgress(line))
            log.Progress(activity, line[2..]);
        else if (line.Any(char.IsLetter))
            log.Verbose(line);
    }

    private void Check(ProcessResult result, string id)
    {
        if (result.ExitCode != 0)
            throw IstioctlErrors.Failed(id, _program, result.ExitCode!.Value, IstioctlOutput.Reason(result.StandardError));
        if (result.Truncated)
            throw IstioctlErrors.Failed(id, _program, 0, "its output is too long");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0}s");
}
