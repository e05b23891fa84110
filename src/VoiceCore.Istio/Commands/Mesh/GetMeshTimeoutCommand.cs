using System.Management.Automation;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshTimeout", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshTimeout))]
public sealed class GetMeshTimeoutCommand : ServiceVerdictCmdlet
{
    protected override void ProcessRecord()
    {
        IEnumerable<MeshTimeout> timeouts = [];
        TryItem(() => timeouts = Timeouts());
        WriteAll(timeouts);
    }

    private IEnumerable<MeshTimeout> Timeouts()
    {
        var resolver = Prepared(mesh => new MeshTimeoutResolver(mesh, ClientFilter()), string.Join('\n', Client ?? []));
        return Services(Mesh).SelectMany(resolver.Resolve).Concat(Hosts(Mesh).SelectMany(resolver.Resolve)).Where(timeout => IsAsked(timeout.Port));
    }
}
