using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>1.2: every port of every service takes what the definition says, and every client in the mesh comes with mutual TLS by itself.</summary>
internal sealed class MutualTlsRequirement : IRequirementRule
{
    public string Id => "1.2";

    public string Title => "Automatic mutual TLS";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject)
    {
        yield return RequirementEvidence.Of("Mesh config", "enableAutoMtls", "true", subject.Snapshot.Mesh.EnableAutoMtls ? "true" : "false");
        var resolver = new MeshTlsResolver(subject.Snapshot);
        foreach (var service in subject.Definition.Services)
        {
            var name = $"Service {subject.Definition.Namespace}/{service.Name}";
            if (subject.Service(service.Name) is not { } record)
            {
                yield return RequirementEvidence.Unseen(name, "mutual TLS", "of every client", "The service is not there; deploy it, and look again.");
                continue;
            }

            var verdicts = resolver.Resolve(record).ToArray();
            foreach (var verdict in verdicts.DistinctBy(verdict => verdict.Port))
                yield return Accepted(name, verdict, Wanted(service, verdict.Port, subject.Definition));
            foreach (var verdict in verdicts.Where(verdict => verdict.Clients.Count > 0))
                yield return Traffic(name, verdict);
        }
    }

    private static MtlsMode Wanted(ServiceDefinition service, int port, MeshDefinition definition) =>
        service.Ports.FirstOrDefault(one => one.Port == port) is { } stated && service.PortMtls.TryGetValue(stated.TargetPort, out var ofPort)
            ? ofPort
            : service.Mtls ?? definition.Mesh.Mtls;

    private static RequirementEvidence Accepted(string name, MeshTlsVerdict verdict, MtlsMode wanted)
    {
        var field = $"what port {verdict.Port} takes";
        return verdict.Endpoints == 0
            ? RequirementEvidence.Unseen(name, field, wanted.Text(), $"{verdict.Reason} {verdict.Fix}")
            : RequirementEvidence.Of(name, field, wanted.Text(), verdict.Server.Text(), verdict.ServerPolicy is { } policy ? $"PeerAuthentication {policy} decides." : "");
    }

    private static RequirementEvidence Traffic(string name, MeshTlsVerdict verdict)
    {
        var field = $"calls of {string.Join(", ", verdict.Clients)} to port {verdict.Port}";
        var detail = verdict.Fix is null ? verdict.Reason : $"{verdict.Reason} {verdict.Fix}";
        return verdict.Status == TlsStatus.NoEndpoints
            ? RequirementEvidence.Unseen(name, field, $"{TlsStatus.Secured}", detail)
            : RequirementEvidence.Of(name, field, $"{TlsStatus.Secured}", $"{verdict.Status}", detail);
    }
}
