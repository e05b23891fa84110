using System.Management.Automation;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

[Cmdlet(VerbsData.Compare, "VoiceCoreMesh")]
[OutputType(typeof(FieldDrift))]
public sealed class CompareVoiceCoreMeshCommand : MeshPlanCmdlet
{
    protected override void ProcessRecord()
    {
        if (Plan() is { } plan)
            WriteObject(FieldDrift.Of(plan), enumerateCollection: true);
    }
}
