using System.Management.Automation;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Resolve, "MeshPolicy", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(PolicyCandidate))]
public sealed class ResolveMeshPolicyCommand : ServiceVerdictCmdlet
{
    [Parameter]
    public PolicyKind[] Kind { get; set; } = Enum.GetValues<PolicyKind>();

    protected override void ProcessRecord()
    {
        IEnumerable<PolicyCandidate> candidates = [];
        TryItem(() => candidates = Candidates());
        WriteAll(candidates);
    }

    private IEnumerable<PolicyCandidate> Candidates()
    {
        var resolver = Prepared(mesh => new PolicyCandidateResolver(mesh));
        var clients = ClientFilter();
        var servers = Workload is { } workload ? (PodRecord pod) => workload.Pods.Contains(pod.Name) : (Func<PodRecord, bool>?)null;
        return Services(Mesh).SelectMany(service => Kind.SelectMany(kind => resolver.Resolve(service, kind, IsAsked, clients, servers)))
            .Concat(Hosts(Mesh).SelectMany(host => Kind.SelectMany(kind => resolver.Resolve(host, kind, IsAsked, clients))));
    }
}
