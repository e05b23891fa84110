using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshTrafficSplit", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshTrafficSplit))]
public sealed class GetMeshTrafficSplitCommand : MeshStateCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceCompleter))]
    public string[] Service { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshTrafficSplit> splits = [];
        if (!TryItem(() => splits = Prepared(mesh => new TrafficSplitResolver(mesh).Resolve().ToArray())))
            return;
        var isKnown = HasNamespaces(Mesh, Namespace);
        splits = [.. splits.Where(split => IsLike(split.Namespace, Namespace))];
        // A service without a VirtualService has nothing to show, and is there all the same.
        foreach (var name in !isKnown ? [] : Missing(Service, splits.SelectMany(Names).Concat(Mesh.Services.Where(service => IsLike(service.Namespace, Namespace)).Select(service => service.Name))))
            WriteError(SnapshotErrors.ServiceNotFound(name, Namespace));
        WriteObject(splits.Where(split => Names(split).Any(name => IsLike(name, Service))), enumerateCollection: true);
    }

    private static IEnumerable<string> Names(MeshTrafficSplit split) => [split.Service, split.VirtualService, .. split.Hosts];
}
