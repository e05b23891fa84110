using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshWorkload", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshWorkload))]
public sealed class GetMeshWorkloadCommand : MeshStateCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkloadCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshWorkload> workloads = [];
        if (!TryItem(() => workloads = Prepared(mesh => MeshWorkload.Of(mesh).ToArray())))
            return;
        var isKnown = HasNamespaces(Mesh, Namespace);
        workloads = [.. workloads.Where(workload => IsLike(workload.Namespace, Namespace))];
        foreach (var name in !isKnown ? [] : Missing(Name, workloads.Select(workload => workload.Name)))
            WriteError(SnapshotErrors.WorkloadNotFound(name));
        WriteObject(workloads.Where(workload => IsLike(workload.Name, Name)), enumerateCollection: true);
    }
}
