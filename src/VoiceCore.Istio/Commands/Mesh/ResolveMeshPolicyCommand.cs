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
        var candidates = Services(mesh).Where(service => Workload is null || resolver.LeadsTo(service, Workload))
            .SelectMany(service => Kind.SelectMany(kind => resolver.Resolve(service, kind, IsAsked, clients, ServerFilter())));
        if (Workload is null)
            candidates = candidates.Concat(Hosts(mesh).SelectMany(host => Kind.SelectMany(kind => resolver.Resolve(host, kind, IsAsked, clients))));
        foreach (var candidate in candidates)
            WriteObject(candidate);
    }

    private Func<PodRecord, bool>? ServerFilter() => Workload is { } workload ? pod => workload.Pods.Contains(pod.Name) : null;
}
