using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a dependency is for.</summary>
public enum DependencyPurpose
{
    /// <summary>The caller uses the service.</summary>
    Call,

    /// <summary>The caller reads the service's metrics.</summary>
    Observation,
}

/// <summary>Who calls whom, as the definition lists it: the one source of the policies of zero trust.</summary>
/// <param name="Caller">The caller as the definition names it.</param>
/// <param name="Service">The service that is called.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Principal">The caller's identity as policies write it: <c>cluster.local/ns/NAMESPACE/sa/ACCOUNT</c>.</param>
/// <param name="Ports">The container ports that it reaches, in ascending order.</param>
/// <param name="Timeout">How long a request may take; null: no limit, or not HTTP.</param>
public sealed record MeshDependency(
    string Caller, string Service, DependencyPurpose Purpose, string Principal, IReadOnlyList<int> Ports, TimeSpan? Timeout)
{
    /// <summary>The dependencies of a definition, in the order of its services and their callers; observers last.</summary>
    public static IReadOnlyList<MeshDependency> Of(MeshDefinition definition) =>
    [
        .. definition.Services.SelectMany(service => service.Callers.Select(caller => new MeshDependency(
            caller,
            service.Name,
            DependencyPurpose.Call,
            PrincipalOf(caller, definition),
            [.. service.Ports.Select(port => port.TargetPort).Distinct().Order()],
            service.Timeout))),
        .. from service in definition.Services
           where service.Metrics is not null
           from observer in definition.ZeroTrust?.Observers ?? []
           select new MeshDependency(
               observer, service.Name, DependencyPurpose.Observation, PrincipalOf(observer, definition), [service.Metrics!.Port], Timeout: null),
    ];

    /// <summary>The identity of a caller that the definition names; of a definition without contradictions.</summary>
    internal static string PrincipalOf(string caller, MeshDefinition definition) => caller.Split('/') switch
    {
        [var ns, var account] => Identity(definition, ns, account),
        [ServiceDefinition.IngressCaller] when definition.Ingress is { } gateway => Identity(definition, gateway.Namespace, gateway.Name),
        _ => Identity(definition, definition.Namespace, definition.Services.First(service => service.Name == caller).ServiceAccount),
    };

    private static string Identity(MeshDefinition definition, string ns, string account) => IstioNames.Principal(definition.Mesh.TrustDomain, ns, account);
}
