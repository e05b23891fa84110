using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>
/// 1.6: whoever the definition lists gets through, and nobody else does. Judged for every pair of a caller (those of the definition, the
/// services themselves, whatever runs in the mesh, and one without an identity) and a service's port, by the policies as they are.
/// </summary>
internal sealed class ZeroTrustRequirement : IRequirementRule
{
    private const string NoIdentity = "a caller without a sidecar";

    public string Id => "1.6";

    public string Title => "Zero trust";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject)
    {
        var mode = subject.Definition.ZeroTrust?.Mode ?? EnforcementMode.Off;
        yield return RequirementEvidence.Of("Definition", "zeroTrust.mode", EnforcementMode.Enforce.Text(), mode.Text());
        if (mode != EnforcementMode.Enforce)
            yield break;

        var policies = new AuthorizationPolicyResolver(subject.Snapshot);
        var dependencies = MeshDependency.Of(subject.Definition).Select(item => (item.Service, Caller: CallerOf(item.Principal), item.Purpose)).ToHashSet();
        var callers = Callers(subject);
        foreach (var service in subject.Definition.Services)
        {
            // They are looked for once, not once for each of what may be thousands of callers.
            var labels = Labels(subject, service);
            foreach (var port in service.Ports)
            {
                foreach (var caller in callers)
                {
                    var isListed = dependencies.Contains((service.Name, caller, DependencyPurpose.Call));
                    var isObserver = dependencies.Contains((service.Name, caller, DependencyPurpose.Observation)) && port.TargetPort == service.Metrics!.Port;

                    // On a port that is not HTTP there is no path, so that who reads metrics reaches all of it.
                    var call = new Call(caller, port.TargetPort, port.Protocol.IsHttp() ? "/" : null, isListed || (isObserver && !port.Protocol.IsHttp()));
                    yield return Judge(subject, policies, service.Name, labels, call);
                    if (isObserver && port.Protocol.IsHttp())
                        yield return Judge(subject, policies, service.Name, labels, call with { Path = service.Metrics!.Path, IsExpected = true });
                }
            }
        }
    }

    private static string Identity(string trustDomain, string caller) =>
        IstioNames.SpiffeScheme + IstioNames.Principal(trustDomain, caller[..caller.IndexOf('/')], caller[(caller.IndexOf('/') + 1)..]);

    private static string CallerOf(string principal) => principal.Split('/') is [_, _, var ns, _, var account] ? $"{ns}/{account}" : principal;

    private static IReadOnlyList<string> Callers(RequirementSubject subject)
    {
        var definition = subject.Definition;
        return
        [
            .. subject.Definition.Gateways.Select(gateway => $"{gateway.Namespace}/{gateway.Name}")
                .Concat(definition.Services.Select(service => $"{definition.Namespace}/{service.ServiceAccount}"))
                .Concat(MeshDependency.Of(definition).Select(dependency => CallerOf(dependency.Principal)))
                .Concat(subject.Workloads.SelectMany(workload => workload.Records).Where(pod => pod.HasSidecar).Select(pod => $"{pod.Namespace}/{pod.ServiceAccount}"))
                .Distinct()
                .Order(StringComparer.Ordinal),
            NoIdentity,
        ];
    }

    private static RequirementEvidence Judge(RequirementSubject subject, AuthorizationPolicyResolver policies, string service, LabelSet[] servers, Call call)
    {
        var request = new AuthorizationRequest
        {
            Principal = call.Caller == NoIdentity ? null : Identity(subject.Snapshot.Mesh.TrustDomain, call.Caller),
            Port = call.Port,
            Method = call.Path is null ? null : "GET",
            Path = call.Path,
        };
        var decisions = servers.Select(labels => policies.Decide(subject.Definition.Namespace, labels, request, http: call.Path is not null).Decision).Distinct();
        return RequirementEvidence.Of(
            $"Service {subject.Definition.Namespace}/{service}",
            call.Path is null ? $"connection of {call.Caller} to port {call.Port}" : $"GET {call.Path} of {call.Caller} to port {call.Port}",
            call.IsExpected ? $"{AuthorizationDecision.Allow}" : $"{AuthorizationDecision.Deny}",
            string.Join(" or ", decisions));
    }

    // Those of its pods; those of the definition as long as it has none.
    private static LabelSet[] Labels(RequirementSubject subject, ServiceDefinition service) =>
    [
        .. subject.WorkloadsWith(subject.Definition.Namespace, "app", service.Name).SelectMany(workload => workload.Records).Select(pod => pod.Labels).Distinct()
            .DefaultIfEmpty(LabelSet.Create([KeyValuePair.Create("app", service.Name), KeyValuePair.Create("version", service.Version)])),
    ];

    /// <summary>A call to one port of a service.</summary>
    /// <param name="Caller"><c>namespace/account</c>, or <see cref="NoIdentity"/>.</param>
    /// <param name="Port">The port of the pods.</param>
    /// <param name="Path">The path of a GET; null for a connection without requests.</param>
    /// <param name="IsExpected">Whether the definition lets it through.</param>
    private sealed record Call(string Caller, int Port, string? Path, bool IsExpected);
}
