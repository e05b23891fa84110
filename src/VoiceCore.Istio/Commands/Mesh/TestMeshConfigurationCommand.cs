using System.Globalization;
using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Test, "MeshConfiguration", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(Finding), typeof(string))]
public sealed class TestMeshConfigurationCommand : MeshStateCmdlet
{
    private const string Never = "Never";

    [Parameter]
    public FindingFormat As { get; set; } = FindingFormat.Object;

    [Parameter]
    [ValidateSet(Never, nameof(FindingSeverity.Error), nameof(FindingSeverity.Warning), nameof(FindingSeverity.Info))]
    public string FailOn { get; set; } = Never;

    [Parameter]
    public string? SuppressionFile { get; set; }

    [Parameter]
    public string? OutputPath { get; set; }

    [Parameter]
    public string? IstioctlPath { get; set; }

    [Parameter]
    public SwitchParameter SkipIstioctl { get; set; }

    protected override void ProcessRecord()
    {
        var suppressions = ReadSuppressions();
        MeshSnapshot? snapshot = null;
        IReadOnlyList<Finding> own = [];
        if (!TryItem(() =>
        {
            var mesh = snapshot = Mesh;
            own = Judge(() => MeshCheck.Run(mesh));
        }))
        {
            // What could not be checked is not in order.
            if (FailOn != Never)
                ThrowTerminating(FindingErrors.Unread(ParameterSetName == SnapshotSet ? SnapshotPath : "The cluster"));
            return;
        }

        var findings = AnalyzerFindings.Merge(own, Analyze(snapshot!));
        if (suppressions is not null)
        {
            (findings, var expired) = suppressions.Apply(findings, TimeProvider.System);
            foreach (var item in expired)
                WriteWarning(MeshException.Format(FindingText.SuppressionExpired, item.Code, item.Object, item.Line, item.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }

        Write(findings);
        if (FailOn == Never)
            return;
        var severity = Enum.Parse<FindingSeverity>(FailOn, ignoreCase: true);
        if (findings.Count(finding => finding.Suppression is null && finding.Severity >= severity) is > 0 and var count)
            ThrowTerminating(FindingErrors.Failed(count, snapshot!.Source, severity));
    }

    // With suppressions that cannot be read nothing could be told from what is suppressed.
    private FindingSuppressions? ReadSuppressions()
    {
        try
        {
            return SuppressionFile is null ? null : FindingSuppressions.Read(ResolvePath(SuppressionFile));
        }
        catch (MeshException error)
        {
            ThrowTerminating(error);
            return null;
        }
    }

    // istioctl adds to the findings and is not needed for them.
    private IReadOnlyList<Finding> Analyze(MeshSnapshot snapshot)
    {
        if (SkipIstioctl)
            return [];
        var isCluster = ParameterSetName == ClusterSet;
        if (ParameterSetName == SnapshotObjectSet || (!isCluster && snapshot.Taken is not null))
            return Without("it reads clusters and manifests, not saved snapshots.");
        try
        {
            var istioctl = IstioctlFactory.Create(IstioctlPath is null ? null : ResolvePath(IstioctlPath), isCluster ? Api.Connection : null, SandboxIstioctl.Create);
            var path = isCluster ? null : ResolvePath(SnapshotPath);
            var output = Run((log, cancellationToken) => istioctl.AnalyzeAsync(path, log, cancellationToken));
            return output is null ? Without($"{istioctl.Description} has no analyzers.") : AnalyzerFindings.Parse(output);
        }
        catch (MeshException error) when (IstioctlPath is null && error.Category == MeshErrorCategory.NotInstalled)
        {
            return Without(error.Message);
        }
        catch (MeshException error)
        {
            WriteWarning(MeshException.Format(FindingText.AnalyzerAbsent, error.Message));
            return [];
        }
    }

    private Finding[] Without(string reason)
    {
        WriteVerbose(MeshException.Format(FindingText.AnalyzerAbsent, reason));
        return [];
    }

    private void Write(IReadOnlyList<Finding> findings)
    {
        if (OutputPath is not null)
        {
            // A file needs a text.
            var lines = FindingReport.Write(findings, As == FindingFormat.Object ? FindingFormat.Json : As);
            TryItem(() => FindingReport.Save(lines, ResolvePath(OutputPath)));
        }
        else if (As == FindingFormat.Object)
        {
            WriteObject(findings.Where(finding => finding.Suppression is null), enumerateCollection: true);
        }
        else
        {
            WriteObject(FindingReport.Write(findings, As), enumerateCollection: true);
        }
    }
}
