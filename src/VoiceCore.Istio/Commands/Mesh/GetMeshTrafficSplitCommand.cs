using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshTrafficSplit", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshTrafficSplit))]
public sealed class GetMeshTrafficSplitCommand : MeshStateCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Alias("Name")]
    public string[] Service { get; set; } = ["*"];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshTrafficSplit> splits = [];
        if (TryItem(() => splits = [.. new TrafficSplitResolver(ReadSnapshot()).Resolve().Where(IsAsked)]))
            WriteObject(splits, enumerateCollection: true);
    }

    private bool IsAsked(MeshTrafficSplit split) =>
        IsLike(split.Namespace, Namespace) && (IsLike(split.Service, Service) || IsLike(split.VirtualService, Service) || split.Hosts.Any(host => IsLike(host, Service)));
}
