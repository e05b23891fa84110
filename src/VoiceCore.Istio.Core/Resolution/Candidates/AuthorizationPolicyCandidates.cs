using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Says of every AuthorizationPolicy that could be for a pod what becomes of it. The choice is <see cref="AuthorizationPolicyResolver"/>'s;
/// policies have no precedence among each other, so all that are for the pod are kept.
/// </summary>
internal sealed class AuthorizationPolicyCandidates(MeshResolution mesh)
{
    private readonly AuthorizationPolicyResolver _policies = new(mesh.Snapshot);

    internal IEnumerable<PolicyJudgement> Of(PodRecord pod, bool isHttp) =>
        _policies.Candidates(pod.Namespace, pod.Labels).Select(candidate => Judge(candidate.Policy, candidate.WhyNot, pod, isHttp));

    private PolicyJudgement Judge(AuthorizationPolicy policy, PolicyRejection? whyNot, PodRecord pod, bool isHttp)
    {
        if (!pod.HasSidecar)
            return new(policy, PolicyCause.NoSidecar, "The pod has no sidecar: nobody carries it out.");
        if (whyNot is not null)
            return new(policy, whyNot.Cause, whyNot.Reason);
        if (policy.IsDryRun)
            return new(policy, PolicyCause.DryRun, "The annotation istio.io/dry-run makes it count what it would do, and do nothing.");
        var scope = policy.Selector is { Count: > 0 } selector ? $"Its selector ({selector}) matches the pod."
            : policy.Targets.Count > 0 ? "Its targetRefs name the pod's gateway."
            : policy.Namespace == mesh.Snapshot.Mesh.RootNamespace ? "It is in the root namespace, for all workloads of the mesh."
            : "It is for all workloads of its namespace.";
        return new(policy, PolicyCause.Applies, $"{scope}{Note(policy)}", Effect(policy, isHttp));
    }

    private string Note(AuthorizationPolicy policy) => policy.Action switch
    {
        AuthorizationAction.Allow when policy.Rules.Count == 0 => " It has no rules, so it allows nothing, and what no other ALLOW policy allows is denied.",
        AuthorizationAction.Deny when policy.Rules.Count == 0 => " It has no rules, so it denies nothing.",
        AuthorizationAction.Audit => " It marks requests for an audit log, and decides nothing.",
        AuthorizationAction.Custom when !mesh.Snapshot.Mesh.ExtensionProviders.Any(provider => provider.Name == policy.Provider) =>
            $" The mesh config has no provider {policy.Provider}, so what it matches is denied.",
        _ => "",
    };

    private string Effect(AuthorizationPolicy policy, bool isHttp)
    {
        var usable = policy.Rules.Count(rule => _policies.CanMatch(policy, rule, isHttp));
        var rules = usable == policy.Rules.Count ? $"{usable}" : $"{usable} of {policy.Rules.Count}";
        return $"{policy.Action.ToString().ToUpperInvariant()}, {rules} {(policy.Rules.Count == 1 ? "rule" : "rules")}";
    }
}
