using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsData.ConvertTo, "MeshCertificatePolicy")]
[OutputType(typeof(CertificatePlan))]
public sealed class ConvertToMeshCertificatePolicyCommand : MeshCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Duration]
    public TimeSpan Lifetime { get; set; }

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Duration]
    public TimeSpan? RotateBefore { get; set; }

    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Duration]
    public TimeSpan? GracePeriod { get; set; }

    [Parameter]
    public SwitchParameter LateRotation { get; set; }

    protected override void ProcessRecord()
    {
        CertificatePlan? plan = null;
        var policy = new CertificatePolicy { Lifetime = Lifetime, RotateBefore = RotateBefore, GracePeriod = GracePeriod };
        if (!TryItem(() => plan = CertificatePlan.Of(policy, LateRotation)))
            return;
        WriteFindings(plan!.Findings);
        WriteObject(plan);
    }
}
