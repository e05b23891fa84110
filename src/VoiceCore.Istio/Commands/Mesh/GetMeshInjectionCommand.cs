using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshInjection", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshInjection))]
public sealed class GetMeshInjectionCommand : MeshStateCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    [Parameter]
    [SupportsWildcards]
    public string[] Workload { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshInjection> rows = [];
        if (!TryItem(() => rows = [.. new InjectionReport(Mesh).Rows().Where(row => IsLike(row.Namespace, Namespace))]))
            return;
        foreach (var name in Missing(Namespace, rows.Select(row => row.Namespace)))
            WriteError(SnapshotErrors.NamespaceNotFound(name));
        WriteObject(rows.Where(row => IsLike(row.Workload, Workload) || IsLike(row.Workload[(row.Workload.IndexOf('/') + 1)..], Workload)), enumerateCollection: true);
    }
}
