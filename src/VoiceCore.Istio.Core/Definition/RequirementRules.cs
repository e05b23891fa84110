using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What zero trust, rate limits and alerts of a definition ask for and cannot have; part of <see cref="DefinitionRules"/>.</summary>
internal static class RequirementRules
{
    /// <summary>Findings about the definition as a whole.</summary>
    internal static IEnumerable<Finding> Check(MeshDefinition definition) =>
        [.. ZeroTrust(definition), .. RateLimits(definition), .. Alerts(definition)];

    /// <summary>Findings about one service.</summary>
    internal static IEnumerable<Finding> Check(string subject, ServiceDefinition service, MeshDefinition definition) =>
        [.. Trust(subject, service, definition), .. Limit($"{subject}.rateLimit", service, definition), .. Latency(subject, service, definition)];

    /// <summary>Whether a part of the definition is to be rendered.</summary>
    internal static bool IsOn(this EnforcementMode? mode) => mode is EnforcementMode.Enforce or EnforcementMode.Shadow;

    private static IEnumerable<Finding> ZeroTrust(MeshDefinition definition)
    {
        if (!(definition.ZeroTrust?.Mode).IsOn())
            yield break;
        if (definition.ZeroTrust!.Mode == EnforcementMode.Shadow)
            yield return RequirementFindings.NotEnforced.At("zeroTrust.mode", "Zero trust");
        if (definition.Mesh.Mtls == MtlsMode.Disable)
            yield return RequirementFindings.IdentityMissing.At("mesh.mtls");
        foreach (var shared in definition.Services.GroupBy(service => service.ServiceAccount).Where(group => group.Count() > 1))
        {
            yield return RequirementFindings.SharedIdentity.At(
                $"services.{shared.Last().Name}.serviceAccount", string.Join(", ", shared.Select(service => service.Name)), shared.Key);
        }
    }

    private static IEnumerable<Finding> Trust(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        if (!(definition.ZeroTrust?.Mode).IsOn())
            yield break;
        if (service.Callers.Count == 0)
            yield return RequirementFindings.NobodyCalls.At(subject);
        switch (service.Mtls ?? definition.Mesh.Mtls)
        {
            case MtlsMode.Permissive:
                yield return RequirementFindings.PlainTextRefused.At($"{subject}.mtls", MtlsMode.Permissive.Text());
                break;
            case MtlsMode.Disable when service.Mtls is not null:
                yield return RequirementFindings.IdentityMissing.At($"{subject}.mtls");
                break;
        }
    }

    private static IEnumerable<Finding> RateLimits(MeshDefinition definition)
    {
        const string Subject = "rateLimits";
        if (definition.RateLimits is not { } limits || !((EnforcementMode?)limits.Mode).IsOn())
            yield break;
        if (limits.Mode == EnforcementMode.Shadow)
            yield return RequirementFindings.NotEnforced.At($"{Subject}.mode", "Rate limiting");

        if (limits.Tenant is not null && definition.Ingress is null)
            yield return RequirementFindings.QuotaWithoutIngress.At($"{Subject}.tenant", "tenant");
        if (limits.Quotas is not { } quotas)
            yield break;
        if (definition.Ingress is null)
            yield return RequirementFindings.QuotaWithoutIngress.At($"{Subject}.quotas", "quotas");
        if (limits.Tenant is null)
            yield return RequirementFindings.TenantUnknown.At($"{Subject}.quotas");
        if (quotas.RedisAddress is null)
            yield return RequirementFindings.CountsInMemory.At($"{Subject}.quotas");
    }

    private static IEnumerable<Finding> Limit(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        if (service.RateLimit is not { } limit)
            yield break;
        if (!(definition.RateLimits?.Mode).IsOn())
        {
            yield return RequirementFindings.RateLimitsOff.At(subject);
            yield break;
        }

        var ports = service.Ports.Count(port => port.Protocol.IsHttp());
        if (ports == 0)
            yield return DefinitionFindings.HttpOnly.At(subject, "A rate limit");
        if (ports > 1)
            yield return RequirementFindings.RateLimitPerPort.At(subject, ports);

        var (minimum, maximum, share) = (service.Replicas.Minimum, service.Replicas.Maximum, new RateLimitShare(limit.Requests, service.Replicas.Maximum));
        if (limit.Requests < maximum)
        {
            yield return RequirementFindings.RateLimitTooSmall.At(subject, limit.Requests, maximum);
        }
        else if (maximum > 1)
        {
            yield return RequirementFindings.RateLimitShared.At(
                subject, share.PerPod, limit.Requests, MeshDuration.Format(limit.Interval), share.At(minimum), minimum, share.At(maximum), maximum);
        }

        if (limit.Tenants.Count > 0 && definition.RateLimits?.Tenant is null)
            yield return RequirementFindings.TenantUnknown.At($"{subject}.tenants");
        foreach (var (tenant, requests) in limit.Tenants.Where(tenant => tenant.Value > limit.Requests))
            yield return RequirementFindings.TenantAboveService.At($"{subject}.tenants.{tenant}", tenant, requests, limit.Requests);
    }

    private static IEnumerable<Finding> Alerts(MeshDefinition definition)
    {
        if (definition.Alerts is not { } alerts)
            yield break;

        var settings = CertificateSettings.Of(definition.Mesh.Certificates);
        var rendered = alerts.WorkloadExpiry(settings);
        if (rendered != alerts.CertificateExpiry)
        {
            yield return RequirementFindings.ExpiryBeforeRotation.At(
                "alerts.certificateExpiry",
                MeshDuration.Format(Seconds(settings.Lifetime * (settings.GraceRatio - settings.Jitter))),
                MeshDuration.Format(Seconds(settings.Lifetime * (settings.GraceRatio + settings.Jitter))),
                MeshDuration.Format(rendered),
                MeshDuration.Format(alerts.CertificateExpiry));
        }
    }

    private static IEnumerable<Finding> Latency(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        if (definition.Alerts is { } alerts && (service.LatencyP99 ?? alerts.LatencyP99) is var asked && alerts.LatencyOf(service) is var rendered && rendered != asked)
            yield return RequirementFindings.LatencyBeyondTimeout.At($"{subject}.latencyP99", MeshDuration.Format(asked), MeshDuration.Format(rendered));
    }

    private static TimeSpan Seconds(TimeSpan duration) => TimeSpan.FromSeconds(Math.Floor(duration.TotalSeconds));
}
