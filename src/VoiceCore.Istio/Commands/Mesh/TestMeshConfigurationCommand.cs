using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Snapshot;

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

    protected override void ProcessRecord()
    {
        MeshSnapshot? snapshot = null;
        if (!TryItem(() => snapshot = ReadSnapshot()))
        {
            // What could not be checked is not in order.
            if (FailOn != Never)
                ThrowTerminating(FindingErrors.Unread(ParameterSetName == SnapshotSet ? SnapshotPath : "the cluster"));
            return;
        }

        var findings = MeshCheck.Run(snapshot!);
        if (As == FindingFormat.Object)
            WriteObject(findings, enumerateCollection: true);
        else
            WriteObject(FindingReport.Write(findings, As), enumerateCollection: true);
        if (FailOn == Never)
            return;
        var severity = Enum.Parse<FindingSeverity>(FailOn, ignoreCase: true);
        if (findings.Count(finding => finding.Severity >= severity) is > 0 and var count)
            ThrowTerminating(FindingErrors.Failed(count, snapshot!.Source, severity));
    }
}
