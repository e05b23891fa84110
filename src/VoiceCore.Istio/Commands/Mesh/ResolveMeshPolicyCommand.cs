using System.Management.Automation;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Resolve, "MeshPolicy", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(PolicyCandidate))]
public sealed class ResolveMeshPolicyCommand : ServiceVerdictCmdlet
{
    private PolicyCandidateResolver? _resolver;

    [Parameter]
    public PolicyKind[] Kind { get; set; } = Enum.GetValues<PolicyKind>();

    [Parameter(ValueFromPipeline = true)]
    public MeshWorkload? Workload { get; set; }

    protected override void ProcessRecord()
    {
        if (!TryItem(() => _resolver ??= new PolicyCandidateResolver(Mesh)))
            return;
        var clients = ClientFilter();
        foreach (var service in Services(Mesh).Where(service => Workload is null || _resolver!.LeadsTo(service, Workload)))
        {
            foreach (var candidate in Kind.SelectMany(kind => _resolver!.Resolve(service, kind, IsAsked, clients, ServerFilter())))
                WriteObject(candidate);
        }
    }

    private Func<PodRecord, bool>? ServerFilter() => Workload is { } workload ? pod => workload.Pods.Contains(pod.Name) : null;
}
