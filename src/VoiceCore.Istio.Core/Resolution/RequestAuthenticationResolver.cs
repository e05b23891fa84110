using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Whose tokens a workload verifies. Only a verified token has claims; a request without a token passes, one with a bad token gets 401.
/// Source: pilot/pkg/model/authentication.go, pilot/pkg/security/authn/policy_applier.go.
/// </summary>
public sealed class RequestAuthenticationResolver
{
    /// <summary>Claims that Envoy splits at spaces into lists, in every mesh.</summary>
    internal static readonly IReadOnlySet<string> SpaceDelimitedClaims = new HashSet<string> { "permission", "scope" };

    private readonly string _rootNamespace;
    private readonly ILookup<string, RequestAuthentication> _policies;

    /// <summary>Takes the policies of a snapshot.</summary>
    public RequestAuthenticationResolver(MeshSnapshot snapshot)
    {
        _rootNamespace = snapshot.Mesh.RootNamespace;
        _policies = snapshot.RequestAuthentications.ToLookup(policy => policy.Namespace);
    }

    /// <summary>The issuers whose tokens the workload verifies: those of all policies that are for it, together.</summary>
    public IReadOnlyCollection<string> Issuers(string workloadNamespace, LabelSet workloadLabels) =>
        new[] { workloadNamespace, _rootNamespace }.Distinct()
            .SelectMany(name => _policies[name])
            .Where(policy => PolicyAttachment.WhyNot(
                policy, policy.Selector, policy.Targets, _rootNamespace, workloadNamespace, workloadLabels) is null)
            .SelectMany(policy => policy.Issuers)
            .ToHashSet();
}
