using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Who calls whom, as far as a mesh says it: the principals that ALLOW policies let in, and the pods that run as them. Without such policies
/// nothing is known.
/// </summary>
internal sealed class KnownCalls
{
    internal KnownCalls(MeshIndex mesh)
    {
        var byAccount = mesh.Pods.ToLookup(pod => (pod.Namespace, pod.ServiceAccount));
        var calls = new List<(PodRecord, ServiceRecord)>();
        foreach (var policy in mesh.Snapshot.AuthorizationPolicies.Where(policy => policy is { Action: AuthorizationAction.Allow, IsDryRun: false, Targets.Count: 0 }))
        {
            var callers = policy.Rules
                .SelectMany(rule => rule.From)
                .SelectMany(source => source.Principals.Values)
                .Distinct()
                .Select(principal => principal.Split('/'))
                .SelectMany(parts => parts is [_, "ns", var owner, "sa", var account] ? byAccount[(owner, account)].Take(1) : [])
                .ToArray();
            if (callers.Length == 0)
                continue;
            foreach (var service in mesh.Snapshot.Services.Where(service => service.Namespace == policy.Namespace && service.Selector.Count > 0))
            {
                if (mesh.PodsOf(service).Any(pod => pod.Labels.Matches(policy.Selector ?? LabelSet.Empty)))
                    calls.AddRange(callers.Select(caller => (caller, service)));
            }
        }

        All = calls.Distinct().ToArray();
        ServicesOf = pod => mesh.Snapshot.Services.Where(service => service.Namespace == pod.Namespace && service.Selector.Count > 0 && pod.Labels.Matches(service.Selector));
    }

    /// <summary>A pod of each caller, and the service that it may call.</summary>
    internal IReadOnlyList<(PodRecord Caller, ServiceRecord Service)> All { get; }

    /// <summary>The services that a pod is behind.</summary>
    internal Func<PodRecord, IEnumerable<ServiceRecord>> ServicesOf { get; }
}
