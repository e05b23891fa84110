using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Verification;

namespace VoiceCore.Istio.Commands.Install;

[Cmdlet(VerbsDiagnostic.Test, "MeshInstallation")]
[OutputType(typeof(InstallationCheck), typeof(bool))]
public sealed class TestMeshInstallationCommand : IstioctlCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Revision { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Hub { get; set; }

    [Parameter]
    public SwitchParameter IncludeWorkloads { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        MeshInstallRequest? request = null;
        var isInOrder = TryItem(() => request = Request());
        using var checks = (isInOrder ? Checks(request) : []).GetEnumerator();
        while (TryNext(checks, ref isInOrder))
        {
            isInOrder &= checks.Current.Status == InstallationStatus.Ok;
            if (!Quiet)
                WriteObject(checks.Current);
        }

        if (Quiet)
            WriteObject(isInOrder);
    }

    private IEnumerable<InstallationCheck> Checks(MeshInstallRequest? request)
    {
        var verifier = new MeshInstallationVerifier(Api);
        var istioctl = IstioctlSource();
        return Stream((log, cancellationToken) => verifier.VerifyAsync(request, Revision, istioctl, log, cancellationToken));
    }

    // What was found before a failure has been written by then; what could not be verified is not in order.
    private bool TryNext(IEnumerator<InstallationCheck> checks, ref bool isInOrder)
    {
        var isThere = false;
        isInOrder &= TryItem(() => isThere = checks.MoveNext());
        return isThere;
    }

    private MeshInstallRequest? Request() => DefinitionPath is null ? null : new MeshInstallRequest
    {
        Definition = MeshDefinitionFile.Load(ResolvePath(DefinitionPath)),
        Revision = Revision,
        Hub = Hub,
        IncludeWorkloads = IncludeWorkloads,
    };
}
