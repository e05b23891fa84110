using System.Management.Automation;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshTimeout", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshTimeout))]
public sealed class GetMeshTimeoutCommand : ServiceVerdictCmdlet
{
    protected override void ProcessRecord()
    {
        var snapshot = MeshSnapshot.Empty;
        if (!TryItem(() => snapshot = Mesh))
            return;
        var resolver = new MeshTimeoutResolver(snapshot, ClientFilter());
        foreach (var timeout in Services(snapshot).SelectMany(resolver.Resolve).Concat(Hosts(snapshot).SelectMany(resolver.Resolve)).Where(timeout => IsAsked(timeout.Port)))
            WriteObject(timeout);
    }
}
