using System.Management.Automation;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Resolve, "MeshPolicy", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(PolicyCandidate))]
public sealed class ResolveMeshPolicyCommand : ServiceVerdictCmdlet
{
    private (MeshSnapshot Mesh, PolicyCandidateResolver Resolver)? _prepared;

    [Parameter]
    public PolicyKind[] Kind { get; set; } = Enum.GetValues<PolicyKind>();

    [Parameter(ValueFromPipeline = true)]
    public MeshWorkload? Workload { get; set; }

    protected override void ProcessRecord()
    {
        if (!TryItem(() => _prepared = _prepared is { } known && ReferenceEquals(known.Mesh, Mesh) ? known : (Mesh, new PolicyCandidateResolver(Mesh))))
            return;
        var (mesh, resolver) = _prepared!.Value;
        var clients = ClientFilter();
        foreach (var service in Services(mesh).Where(service => Workload is null || resolver.LeadsTo(service, Workload)))
        {
            foreach (var candidate in Kind.SelectMany(kind => resolver.Resolve(service, kind, IsAsked, clients, ServerFilter())))
                WriteObject(candidate);
        }
    }

    private Func<PodRecord, bool>? ServerFilter() => Workload is { } workload ? pod => workload.Pods.Contains(pod.Name) : null;
}
