using System.Management.Automation;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Verification;

namespace VoiceCore.Istio.Commands.Install;

[Cmdlet(VerbsDiagnostic.Test, "MeshInstallation")]
[OutputType(typeof(InstallationCheck), typeof(bool))]
public sealed class TestMeshInstallationCommand : MeshRequestCmdlet
{
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        MeshInstallRequest? request = null;
        var isInOrder = TryItem(() => request = DefinitionPath is null ? null : Request());
        IEnumerable<InstallationCheck> found = [];
        isInOrder = isInOrder && TryItem(() => found = Checks(request));
        using var checks = found.GetEnumerator();
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
}
