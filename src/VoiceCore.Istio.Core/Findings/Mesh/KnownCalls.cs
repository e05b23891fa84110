using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Who calls whom, as far as a mesh says it: the principals that ALLOW policies let in, and the pods that run as them. Without such policies
/// nothing is known.
/// </summary>
internal sealed class KnownCalls
{
    private readonly ServiceIndex _services;
    private readonly Dictionary<(string Namespace, LabelSet Labels), ServiceRecord[]> _byLabels = [];

    internal KnownCalls(MeshIndex mesh)
    {
        _services = mesh.Services;
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
            var servers = mesh.PodsWith(policy.Namespace, policy.Selector ?? LabelSet.Empty);
            foreach (var service in servers.DistinctBy(pod => pod.Labels).SelectMany(ServicesOf).Distinct())
                calls.AddRange(callers.Select(caller => (caller, service)));
        }

        All = calls.Distinct().ToArray();
    }

    /// <summary>A pod of each caller, and the service that it may call.</summary>
    internal IReadOnlyList<(PodRecord Caller, ServiceRecord Service)> All { get; }

    /// <summary>The services that a pod is behind.</summary>
    internal IReadOnlyList<ServiceRecord> ServicesOf(PodRecord pod)
    {
        var key = (pod.Namespace, pod.Labels);
        if (!_byLabels.TryGetValue(key, out var services))
            _byLabels.Add(key, services = _services.Selecting(pod.Namespace, pod.Labels).ToArray());
        return services;
    }
}
