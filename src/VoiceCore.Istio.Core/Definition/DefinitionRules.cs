using System.Globalization;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a definition asks for and Istio would defeat, and what contradicts itself.</summary>
public static class DefinitionRules
{
    /// <summary>
    /// Every conflict of a definition, in its order. The subject of a finding is the path in the definition, such as
    /// <c>services.tenant.retries</c>. A definition with an error must not be rendered.
    /// </summary>
    public static IReadOnlyList<Finding> Check(MeshDefinition definition) =>
    [
        .. Namespaces(definition),
        .. Certificates(definition.Mesh.Certificates),
        .. Replicas("controlPlane", definition.ControlPlane.Replicas, definition.ControlPlane.Resources),
        .. GatewayRules.Check(definition),
        .. RequirementRules.Check(definition),
        .. definition.Services.SelectMany(service => Service(service, definition)),
        .. RetriesAlongCalls(definition),
    ];

    private static IEnumerable<Finding> RetriesAlongCalls(MeshDefinition definition)
    {
        var tries = definition.Services.DistinctBy(service => service.Name).ToDictionary(service => service.Name, service => 1 + Math.Max(0, service.Retries?.Attempts ?? 0));
        var chains = new RetryChains(
            definition.Services.SelectMany(service => service.Callers.Select(caller => (caller, service.Name))),
            name => tries.GetValueOrDefault(name, 1));
        return chains.Worst().Select(chain => DefinitionFindings.RetriesMultiply.At($"services.{chain.Service}.retries", chain.Requests, chain.Service, chain.Text));
    }

    private static IEnumerable<Finding> Namespaces(MeshDefinition definition)
    {
        var known = definition.Namespaces.Select(ns => ns.Name).ToList();
        if (definition.Namespaces.FirstOrDefault(ns => ns.Name == definition.Namespace) is not { } services)
            yield return Unknown("namespace", definition.Namespace, "one of the namespaces", known);
        else if (!services.Injection)
            yield return DefinitionFindings.NamespaceNotInjected.At($"namespaces.{services.Name}", services.Name);

        foreach (var (subject, name) in new[]
        {
            ("mesh.rootNamespace", definition.Mesh.RootNamespace),
            ("controlPlane.namespace", definition.ControlPlane.Namespace),
        })
        {
            if (!known.Contains(name))
                yield return Unknown(subject, name, "one of the namespaces", known);
        }
    }

    /// <summary>Conflicts of a certificate policy.</summary>
    internal static IEnumerable<Finding> Certificates(CertificatePolicy policy)
    {
        const string Subject = "mesh.certificates";
        var lifetime = MeshDuration.Format(policy.Lifetime);

        foreach (var (name, left) in new[] { ("rotateBefore", policy.RotateBefore), ("gracePeriod", policy.GracePeriod) })
        {
            if (left >= policy.Lifetime)
                yield return DefinitionFindings.RangeReversed.At($"{Subject}.{name}", $"{name} {MeshDuration.Format(left.Value)}", $"the lifetime of {lifetime}");
        }

        if (policy is { RotateBefore: { } rotate, GracePeriod: { } grace } && rotate != grace)
        {
            yield return DefinitionFindings.RotationConflict.At(
                Subject,
                MeshDuration.Format(rotate),
                MeshDuration.Format(grace),
                MeshDuration.Format(rotate > grace ? rotate : grace),
                CertificateSettings.Of(policy).GraceRatio.ToString("0.####", CultureInfo.InvariantCulture),
                MeshDuration.Format(rotate < grace ? rotate : grace));
        }

        if (policy.Lifetime > CertificateSettings.DefaultMaxLifetime)
            yield return DefinitionFindings.LifetimeBeyondMaximum.At($"{Subject}.lifetime", lifetime);
        if (policy.Lifetime > TimeSpan.FromHours(24))
            yield return DefinitionFindings.LongLifetime.At($"{Subject}.lifetime", lifetime);
    }

    private static IEnumerable<Finding> Service(ServiceDefinition service, MeshDefinition definition)
    {
        var subject = $"services.{service.Name}";
        return
        [
            .. Workload(subject, service, definition),
            .. Mtls(subject, service, definition),
            .. Circuits(subject, service),
            .. LimitsPerProxy(subject, service, definition),
            .. Routes(subject, service),
            .. Callers(subject, service, definition),
            .. RequirementRules.Check(subject, service, definition),
        ];
    }

    private static IEnumerable<Finding> Workload(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        foreach (var finding in Twice($"{subject}.ports", service.Ports.Select(port => (port.Name, port.Port))))
            yield return finding;
        foreach (var finding in Replicas(subject, service.Replicas, service.Resources))
            yield return finding;
        if (definition.ImageOf(service) is null)
            yield return DefinitionFindings.ImageMissing.At(subject);
    }

    private static IEnumerable<Finding> Mtls(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        if (definition.Mesh.Mtls == MtlsMode.Disable && (service.Mtls == MtlsMode.Strict || service.PortMtls.Values.Contains(MtlsMode.Strict)))
            yield return DefinitionFindings.MtlsNeverSent.At($"{subject}.mtls");

        var targets = service.Ports.Select(port => port.TargetPort).Distinct().ToList();
        foreach (var port in service.PortMtls.Keys.Where(port => !targets.Contains(port)))
            yield return DefinitionFindings.PortMtlsWithoutPort.At($"{subject}.mtls.ports.{port}", port, string.Join(", ", targets));
    }

    private static IEnumerable<Finding> Circuits(string subject, ServiceDefinition service)
    {
        if (service.CircuitBreaker is not { } breaker || service.Replicas.Minimum < 1)
            yield break;

        subject += ".circuitBreaker";
        if (breaker.MaxRequests is null)
            yield return DefinitionFindings.RequestLimitMissing.At(subject, breaker.EffectiveMaxRequests);

        var minimum = service.Replicas.Minimum;
        var percent = breaker.EffectiveMaxEjectionPercent(minimum);
        if (percent != breaker.MaxEjectionPercent)
        {
            yield return DefinitionFindings.EjectionImpossible.At(
                subject,
                breaker.MaxEjectionPercent?.ToString(CultureInfo.InvariantCulture) ?? "is not stated, and Istio's default of 10",
                minimum,
                percent);
        }

        if (minimum == 1)
            yield return DefinitionFindings.OnlyReplicaEjected.At(subject);
    }

    private static IEnumerable<Finding> LimitsPerProxy(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        var clients = definition.Services.Where(other => service.Callers.Contains(other.Name)).Sum(other => other.Replicas.Maximum);
        if (service.CircuitBreaker is { } breaker && clients > 1)
            yield return DefinitionFindings.LimitPerProxy.At($"{subject}.circuitBreaker", breaker.MaxConnections, clients, (long)breaker.MaxConnections * clients);
    }

    private static IEnumerable<Finding> Routes(string subject, ServiceDefinition service)
    {
        if (service.Timeout is null)
            yield return DefinitionFindings.TimeoutMissing.At(subject);

        if ((service.Timeout is not null || service.Retries is not null) && !service.Ports.Any(port => port.Protocol.IsHttp()))
            yield return DefinitionFindings.HttpOnly.At($"{subject}.ports", "A time-out or retry");

        if (service.Retries is not { Attempts: > 0 } retries)
            yield break;

        if (retries.PerTryTimeout is { } asked && retries.EffectivePerTryTimeout(service.Timeout) is { } rendered && rendered != asked)
        {
            yield return DefinitionFindings.RetriesBeyondTimeout.At(
                $"{subject}.retries",
                retries.Attempts + 1,
                MeshDuration.Format(asked),
                MeshDuration.Format(asked * (retries.Attempts + 1)),
                MeshDuration.Format(service.Timeout!.Value),
                MeshDuration.Format(rendered));
        }

        var unsafeConditions = retries.RetryOn.Except(RetryPolicy.SafeConditions).ToList();
        if (unsafeConditions.Count > 0)
            yield return DefinitionFindings.UnsafeRetry.At($"{subject}.retries.retryOn", string.Join(", ", unsafeConditions));
    }

    private static IEnumerable<Finding> Callers(string subject, ServiceDefinition service, MeshDefinition definition)
    {
        var known = definition.Services.Select(other => other.Name).ToList();
        if (definition.Ingress is not null)
            known.Add(ServiceDefinition.IngressCaller);

        for (var i = 0; i < service.Callers.Count; i++)
        {
            var caller = service.Callers[i];
            if (!caller.Contains('/', StringComparison.Ordinal) && !known.Contains(caller))
                yield return Unknown(string.Create(CultureInfo.InvariantCulture, $"{subject}.callers[{i}]"), caller, "a service or a gateway", known);
        }
    }

    /// <summary>Replicas and resources that contradict each other.</summary>
    internal static IEnumerable<Finding> Replicas(string subject, ReplicaRange replicas, ResourceRequirements resources)
    {
        if (replicas.Minimum > replicas.Maximum)
        {
            yield return DefinitionFindings.RangeReversed.At(
                $"{subject}.autoscaling.minReplicas", $"minReplicas {replicas.Minimum}", $"maxReplicas {replicas.Maximum}");
        }

        if (replicas.IsAutoscaled && resources.CpuRequest is null)
            yield return DefinitionFindings.AutoscalerWithoutRequest.At($"{subject}.autoscaling");

        foreach (var (name, request, limit) in new[]
        {
            ("cpu", resources.CpuRequest, resources.CpuLimit),
            ("memory", resources.MemoryRequest, resources.MemoryLimit),
        })
        {
            if (request is not null && limit is not null && ResourceQuantity.TryParse(request) > ResourceQuantity.TryParse(limit))
                yield return DefinitionFindings.RangeReversed.At($"{subject}.resources.requests.{name}", $"The request {request}", $"the limit {limit}");
        }
    }

    /// <summary>Ports that are there twice.</summary>
    internal static IEnumerable<Finding> Twice(string subject, IEnumerable<(string Name, int Port)> ports)
    {
        var seen = new HashSet<int>();
        foreach (var (name, port) in ports)
        {
            if (!seen.Add(port))
                yield return DefinitionFindings.PortTwice.At($"{subject}.{name}", port);
        }
    }

    /// <summary>A name that nothing has.</summary>
    internal static Finding Unknown(string subject, string name, string expected, IEnumerable<string> known) =>
        DefinitionFindings.UnknownReference.At(subject, name, expected, string.Join(", ", known));
}
