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
    [ArgumentCompleter(typeof(WorkloadCompleter))]
    public string[] Workload { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshInjection> rows = [];
        if (!TryItem(() => rows = Prepared(mesh => new InjectionReport(mesh).Rows().ToArray())))
            return;
        var isKnown = HasNamespaces(Mesh, Namespace);
        rows = [.. rows.Where(row => IsLike(row.Namespace, Namespace))];
        foreach (var name in !isKnown ? [] : Missing(Workload, rows.SelectMany(row => new[] { row.Workload, Name(row) })))
            WriteError(SnapshotErrors.WorkloadNotFound(name));
        WriteObject(rows.Where(row => IsLike(row.Workload, Workload) || IsLike(Name(row), Workload)), enumerateCollection: true);
    }

    // Without the kind in front.
    private static string Name(MeshInjection row) => row.Workload[(row.Workload.IndexOf('/') + 1)..];
}
