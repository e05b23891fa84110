using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings.Mesh;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>1.3: every service has a circuit breaker that is as defined and can work, and the time-outs and retries of the definition are in effect.</summary>
internal sealed class CircuitBreakerRequirement : IRequirementRule
{
    public string Id => "1.3";

    public string Title => "Circuit breakers and retries";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject) => Breakers(subject).Concat(Routes(subject));

    private static IEnumerable<RequirementEvidence> Breakers(RequirementSubject subject)
    {
        var resolver = new MeshCircuitBreakerResolver(subject.Snapshot, subject.Definition);
        foreach (var service in subject.Definition.Services)
        {
            var name = $"Service {subject.Definition.Namespace}/{service.Name}";
            if (service.CircuitBreaker is null)
            {
                yield return new RequirementEvidence(name, "circuitBreaker of the definition", "there", null, RequirementStatus.NotSatisfied);
                continue;
            }

            var breakers = subject.Service(service.Name) is { } record ? resolver.Resolve(record).ToArray() : [];
            if (breakers.Length == 0)
                yield return RequirementEvidence.Unseen(name, "circuit breaker", "Effective", "No client with a sidecar knows the service; deploy both, and look again.");
            foreach (var breaker in breakers)
                yield return Breaker(name, breaker);
        }
    }

    private static RequirementEvidence Breaker(string name, MeshCircuitBreaker breaker)
    {
        var field = $"circuit breaker of {string.Join(", ", breaker.Clients)} for port {breaker.Port}";
        var detail = string.Join(' ', breaker.Reasons.Concat(breaker.Deviations.Select(deviation => deviation + ".")));
        if (breaker.Endpoints == 0 && breaker.Deviations.Count == 0)
            return RequirementEvidence.Unseen(name, field, "Effective", "No endpoint is ready, so that none could be left out; look again when its pods are.");
        var isGood = breaker.State == CircuitBreakerState.Effective && breaker.Deviations.Count == 0;
        return new RequirementEvidence(
            breaker.DestinationRule is { } rule ? $"DestinationRule {rule}" : name,
            field, "Effective", breaker.Deviations.Count == 0 ? $"{breaker.State}" : $"{breaker.State}, not as defined",
            isGood ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied, detail);
    }

    private static IEnumerable<RequirementEvidence> Routes(RequirementSubject subject)
    {
        var routes = TrafficRenderer.Render(subject.Definition, subject.Manifest, RequirementSubject.Options)
            .Where(item => item.Object.Kind == "VirtualService" && subject.Definition.Services.Any(service => service.Name == item.Object.Name))
            .ToArray();
        foreach (var evidence in subject.AsRendered(routes))
            yield return evidence;

        // Of two for one host, sidecars use the older.
        var conflicts = new HostConflictRule().Check(new MeshIndex(subject.Snapshot)).ToLookup(finding => finding.Subject ?? "");
        foreach (var name in routes.Select(item => item.Object.Reference.ToString()))
        {
            foreach (var conflict in conflicts[name])
                yield return new RequirementEvidence(name, "routes of its host", "in no other VirtualService", conflict.Message, RequirementStatus.NotSatisfied, conflict.Fix);
        }

        foreach (var service in subject.Definition.Services.Where(service => service.Retries is null && service.Timeout is null && service.Ports.Any(port => port.Protocol.IsHttp())))
            yield return new RequirementEvidence(
                $"Service {subject.Definition.Namespace}/{service.Name}", "retries", "as the definition says", "Istio's default of two retries, no time-out", RequirementStatus.Satisfied);
    }
}
