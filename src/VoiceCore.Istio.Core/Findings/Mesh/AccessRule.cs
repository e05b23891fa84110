using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// AuthorizationPolicies that name what does not exist, or decide by what callers do not have. Sources: pkg/config/analysis/analyzers/authz of
/// Istio, and Kiali's checkers of authorization policies (business/checkers/authorization).
/// </summary>
internal sealed class AccessRule : IMeshRule
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var callers = new Identities(mesh);
        var routed = mesh.Snapshot.VirtualServices.SelectMany(service => service.Hosts).ToHashSet(StringComparer.Ordinal);
        return mesh.Snapshot.AuthorizationPolicies.SelectMany(policy => OfPolicy(mesh, policy, callers, routed));
    }

    private static IEnumerable<Finding> OfPolicy(
        MeshIndex mesh, AuthorizationPolicy policy, Identities callers, HashSet<string> routed)
    {
        var subject = policy.ToString();
        if (policy is { Rules.Count: 0, Action: not AuthorizationAction.Allow })
            yield return PolicyFindings.DenyWithoutRules.At(subject, policy.Action.ToString().ToUpperInvariant());
        foreach (var name in Sources(policy).SelectMany(source => source.Namespaces.Values.Concat(source.Namespaces.NotValues)).Distinct())
        {
            if (mesh.Namespace(name) is null && !mesh.Snapshot.Namespaces.Select(item => item.Name).Any(AuthorizationText.Compile(name, StringComparison.OrdinalIgnoreCase)))
                yield return MeshIndex.Unless(mesh.Snapshot.IsComplete, "such namespace", PolicyFindings.NamespaceUnknown.At(subject, name));
        }

        foreach (var method in policy.Rules.SelectMany(rule => rule.To).SelectMany(operation => operation.Methods.Values).Distinct())
        {
            if (!Methods.Any(AuthorizationText.Compile(method)))
                yield return PolicyFindings.MethodUnknown.At(subject, method);
        }

        var foreign = Sources(policy).SelectMany(source => source.Principals.Values).Distinct().Where(principal => IsForeign(mesh.Snapshot.Mesh, principal)).ToArray();
        if (foreign.Length > 0)
            yield return PolicyFindings.TrustDomainUnknown.At(subject, string.Join(", ", foreign), mesh.Snapshot.Mesh.TrustDomain);
        foreach (var host in policy.Rules.SelectMany(rule => rule.To).SelectMany(operation => operation.Hosts.Values).Distinct().Where(host => IsUnknownHost(mesh, policy.Namespace, host, routed)))
            yield return MeshIndex.Unless(mesh.KnowsHost(host.Split(':')[0], policy.Namespace), "service of that namespace", PolicyFindings.HostUnknown.At(subject, host));
        var unknown = Sources(policy).SelectMany(source => source.Principals.Values).Distinct().Where(callers.Lacks).ToLookup(callers.KnowsNamespace);
        foreach (var principals in unknown)
        {
            yield return MeshIndex.Unless(
                principals.Key, "pod of that namespace", PolicyFindings.PrincipalUnknown.At(subject, string.Join(", ", principals)));
        }

        if (Identity(policy) is { } identity && WhyPlainText(mesh, policy) is { } reason)
            yield return PolicyFindings.IdentityMissing.At(subject, identity, reason);
    }

    private static IEnumerable<AuthorizationSource> Sources(AuthorizationPolicy policy) => policy.Rules.SelectMany(rule => rule.From);

    private static bool IsForeign(MeshConfig config, string principal) => !principal.Contains('*')
        && principal.Split('/') is [var domain, "ns", _, "sa", _] && !Identities.IsOwn(config, domain);

    // Of short names, and those with a namespace that exists, one can tell; other names may be those of gateways, or of clients far away.
    private static bool IsUnknownHost(MeshIndex mesh, string @namespace, string host, HashSet<string> routed)
    {
        var name = host.Split(':')[0];
        if (name.Length == 0 || name.Contains('*') || name == "localhost" || routed.Contains(name))
            return false;
        return name.Split('.') switch
        {
            [_] => mesh.Ports(name, @namespace, []) is null,
            [var service, var owner] when mesh.Namespace(owner) is not null => mesh.Service(service, owner) is null,
            _ => false,
        };
    }

    private static string? Identity(AuthorizationPolicy policy)
    {
        if (Sources(policy).Any(source => !source.Principals.IsEmpty))
            return "the principal";
        if (Sources(policy).Any(source => !source.Namespaces.IsEmpty))
            return "the namespace";
        return policy.Rules.SelectMany(rule => rule.When).FirstOrDefault(condition => condition.Key is "source.principal" or "source.namespace" or "connection.sni")?.Key;
    }

    // What the workloads take, and what the DestinationRules of their own namespace make of calls to them.
    private static string? WhyPlainText(MeshIndex mesh, AuthorizationPolicy policy)
    {
        var (owner, labels) = (policy.Namespace, policy.Selector ?? LabelSet.Empty);
        var inbound = mesh.Inbound.Resolve(owner, labels, port: 0);
        if (inbound.Mode == MutualTlsMode.Disable)
            return $"{inbound.Policy} has mode DISABLE";
        // STRICT of the workloads themselves lets in callers with a certificate only.
        if (inbound is { Mode: MutualTlsMode.Strict, Policy.HasSelector: true })
            return null;
        var hosts = mesh.Services.Selecting(owner, labels)
            .Select(service => service.Name)
            .DefaultIfEmpty("any");
        foreach (var host in hosts)
        {
            var rule = mesh.Rules.Resolve(owner, LabelSet.Empty, $"{host}.{owner}.svc.{mesh.Snapshot.ClusterDomain}", owner);
            if (rule?.Policy?.Tls is { Mode: not ClientTlsMode.IstioMutual } tls)
                return $"{rule.First} has TLS mode {tls.Mode.ToString().ToUpperInvariant()}";
            if (rule?.Policy?.Tls is null && !mesh.Snapshot.Mesh.EnableAutoMtls)
                return "automatic mTLS is off and no DestinationRule says ISTIO_MUTUAL";
        }

        return null;
    }
}
