using System.Management.Automation;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Test, "MeshTls", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshTlsVerdict), typeof(bool))]
public sealed class TestMeshTlsCommand : ServiceVerdictCmdlet
{
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] AssumeStrict { get; set; } = [];

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        var snapshot = MeshSnapshot.Empty;
        if (!TryItem(() => snapshot = Mesh))
            return;
        var resolver = new MeshTlsResolver(StrictAssumption.Apply(snapshot, AssumeStrict));
        var clients = ClientFilter();
        var verdicts = Services(snapshot).SelectMany(service => resolver.Resolve(service, clients))
            // The mesh cannot secure what is outside of it.
            .Concat(Hosts(snapshot).Where(host => !Quiet || !host.IsExternal).SelectMany(host => resolver.Resolve(host, clients)))
            .Where(verdict => IsAsked(verdict.Port));
        if (Quiet)
        {
            var isSecured = false;
            if (TryItem(() => isSecured = verdicts.All(verdict => verdict.Status is TlsStatus.Secured or TlsStatus.NoEndpoints)))
                WriteObject(isSecured);
            return;
        }

        WriteAll(verdicts);
    }
}
