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
        IEnumerable<(MeshTlsVerdict Verdict, bool IsExternal)> verdicts = [];
        TryItem(() => verdicts = Verdicts());
        if (!Quiet)
        {
            WriteAll(verdicts.Select(item => item.Verdict));
            return;
        }

        // What could not be checked is not in order, and nothing at all is no proof.
        var isSecured = false;
        TryItem(() => isSecured = Judge(() => verdicts.Select(IsInOrder).DefaultIfEmpty().All(isInOrder => isInOrder)));
        WriteObject(isSecured && ErrorCount == errors);
    }

    // The mesh cannot secure what is outside of it.
    private static bool IsInOrder((MeshTlsVerdict Verdict, bool IsExternal) item) => item.IsExternal || item.Verdict.Status is TlsStatus.Secured or TlsStatus.NoEndpoints;

    private IEnumerable<(MeshTlsVerdict Verdict, bool IsExternal)> Verdicts()
    {
        var resolver = Prepared(mesh => new MeshTlsResolver(StrictAssumption.Apply(mesh, AssumeStrict)));
        var clients = ClientFilter();
        return Services(Mesh).SelectMany(service => resolver.Resolve(service, clients)).Select(verdict => (verdict, IsExternal: false))
            .Concat(Hosts(Mesh).SelectMany(host => resolver.Resolve(host, clients).Select(verdict => (verdict, host.IsExternal))))
            .Where(item => IsAsked(item.verdict.Port));
    }
}
