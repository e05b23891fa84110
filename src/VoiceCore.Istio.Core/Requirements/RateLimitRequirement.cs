using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>
/// 1.7: the filters that keep the limits are there as the definition says, and so is the service that counts quotas. That a request beyond
/// a limit is answered with 429, only a request shows.
/// </summary>
internal sealed class RateLimitRequirement : IRequirementRule
{
    public string Id => "1.7";

    public string Title => "Rate limits and quotas";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject)
    {
        var definition = subject.Definition;
        var limits = definition.RateLimits;
        var mode = limits?.Mode ?? EnforcementMode.Off;
        yield return RequirementEvidence.Of("Definition", "rateLimits.mode", EnforcementMode.Enforce.Text(), mode.Text());
        if (limits is null || mode != EnforcementMode.Enforce)
            yield break;

        var limited = definition.Services.Where(service => service.RateLimit is not null).ToArray();
        if (limited.Length == 0 && limits.Quotas is null)
            yield return new RequirementEvidence("Definition", "limits", "of a service or a tenant", null, RequirementStatus.NotSatisfied);
        foreach (var evidence in subject.AsRendered(RateLimitRenderer.Render(definition, subject.Manifest, RequirementSubject.Options)))
            yield return evidence;
        foreach (var service in limited)
            yield return Answer(service, definition);
        if (limits is not { Quotas: { } quotas, Tenant: not null } || definition.Ingress is not { } ingress)
            yield break;
        foreach (var workload in RateLimitServiceRenderer.Access(definition).Select(item => item.Workload))
        {
            var ready = subject.WorkloadsWith(definition.Namespace, "app", workload).Sum(item => item.Ready);
            yield return new RequirementEvidence(
                $"Deployment {definition.Namespace}/{workload}", "ready pods", "1 or more", $"{ready}", ready > 0 ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied);
        }

        yield return RequirementEvidence.Unseen(
            $"Deployment {ingress.Namespace}/{ingress.Name}", $"answer beyond the quotas {string.Join(", ", quotas.Limits.Select(quota => quota.Name))}", "429",
            "Whether a quota is kept is not in the state of the cluster. Send more requests with a token of one tenant than its quota has, and look for 429; "
            + "the statistics ratelimit.over_limit and ratelimit.error of the gateway (Envoy's /stats) count refusals and failed questions.");
    }

    private static RequirementEvidence Answer(ServiceDefinition service, MeshDefinition definition)
    {
        var limit = service.RateLimit!;
        var share = new RateLimitShare(limit.Requests, service.Replicas.Maximum);
        return RequirementEvidence.Unseen(
            $"Service {definition.Namespace}/{service.Name}", "answer beyond the limit", "429",
            $"Whether the limit is kept is not in the state of the cluster. Send more than {share.PerPod} requests to one pod within {MeshDuration.Format(limit.Interval)} and look for 429; "
            + "the statistic http_local_rate_limit.rate_limited of its proxy (Envoy's /stats) counts refusals.");
    }
}
