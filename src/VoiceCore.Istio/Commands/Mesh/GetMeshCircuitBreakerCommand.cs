using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshCircuitBreaker", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshCircuitBreaker))]
public sealed class GetMeshCircuitBreakerCommand : ServiceVerdictCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        var snapshot = MeshSnapshot.Empty;
        MeshDefinition? definition = null;
        if (!TryItem(() =>
            {
                definition = LoadDefinition(DefinitionPath);
                snapshot = Mesh;
            }))
            return;
        var resolver = new MeshCircuitBreakerResolver(snapshot, definition);
        var clients = ClientFilter();
        var breakers = Services(snapshot).SelectMany(service => resolver.Resolve(service, clients)).Concat(Hosts(snapshot).SelectMany(host => resolver.Resolve(host, clients)));
        WriteAll(breakers.Where(breaker => IsAsked(breaker.Port)));
    }
}
