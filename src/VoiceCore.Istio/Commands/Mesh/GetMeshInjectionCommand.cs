using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshInjection", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshInjection))]
public sealed class GetMeshInjectionCommand : MeshStateCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshInjection> rows = [];
        if (TryItem(() => rows = [.. new InjectionReport(ReadSnapshot()).Rows().Where(row => IsLike(row.Namespace, Namespace))]))
            WriteObject(rows, enumerateCollection: true);
    }
}
