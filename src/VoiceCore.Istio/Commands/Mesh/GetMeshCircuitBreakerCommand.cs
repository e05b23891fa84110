using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshCircuitBreaker", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshCircuitBreaker))]
public sealed class GetMeshCircuitBreakerCommand : ServiceVerdictCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        IEnumerable<MeshCircuitBreaker> breakers = [];
        TryItem(() => breakers = Breakers());
        WriteAll(breakers);
    }

    private IEnumerable<MeshCircuitBreaker> Breakers()
    {
        // The definition is read with the mesh, not once more for each object of the pipeline.
        var path = DefinitionPath is null ? null : ResolvePath(DefinitionPath);
        var resolver = Prepared(mesh => new MeshCircuitBreakerResolver(mesh, MeshDefinitionFile.Load(path)), path);
        var clients = ClientFilter();
        return Services(Mesh).SelectMany(service => resolver.Resolve(service, clients))
            .Concat(Hosts(Mesh).SelectMany(host => resolver.Resolve(host, clients)))
            .Where(breaker => IsAsked(breaker.Port));
    }
}
