using System.Management.Automation;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;

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
        var errors = ErrorCount;
        IEnumerable<MeshTlsVerdict> verdicts = [];
        TryItem(() => verdicts = Verdicts());
        if (Quiet)
        {
            // What could not be checked is not in order, and nothing at all is no proof.
            WriteObject(ErrorCount == errors && verdicts.Select(verdict => verdict.Status is TlsStatus.Secured or TlsStatus.NoEndpoints).DefaultIfEmpty().All(isSecured => isSecured));
            return;
        }

        WriteAll(verdicts);
    }

    private IEnumerable<MeshTlsVerdict> Verdicts()
    {
        var resolver = Prepared(mesh => new MeshTlsResolver(StrictAssumption.Apply(mesh, AssumeStrict)));
        var clients = ClientFilter();
        return Services(Mesh).SelectMany(service => resolver.Resolve(service, clients))
            // The mesh cannot secure what is outside of it.
            .Concat(Hosts(Mesh).Where(host => !Quiet || !host.IsExternal).SelectMany(host => resolver.Resolve(host, clients)))
            .Where(verdict => IsAsked(verdict.Port));
    }
}
