using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Integration;

/// <summary>Everything that a cluster holds, by name, with labels and resource versions, to see what a run changed.</summary>
internal sealed class ClusterInventory
{
    // What the cluster writes by itself all the time, or in answer to other objects.
    private static readonly string[] Moving = ["Event", "Lease", "Endpoints", "EndpointSlice", "APIService", "Node", "IPAddress"];

    private ClusterInventory(IReadOnlyDictionary<string, (string Version, string Labels)> objects)
    {
        Objects = objects;
    }

    internal IReadOnlyDictionary<string, (string Version, string Labels)> Objects { get; }

    internal static async Task<ClusterInventory> TakeAsync(KubernetesApi api, CancellationToken cancellationToken)
    {
        var objects = new SortedDictionary<string, (string, string)>(StringComparer.Ordinal);
        api.ResetDiscovery();
        var ending = await EndingNamespacesAsync(api, cancellationToken);
        foreach (var resource in await api.ListResourcesAsync(cancellationToken))
        {
            if (Moving.Contains(resource.Kind) || !resource.Verbs.Contains("list") || !resource.Verbs.Contains("delete"))
                continue;
            await foreach (var item in api.ListAsync(resource, null, new ListOptions { MetadataOnly = true }, cancellationToken))
            {
                // Made for every namespace a moment after it.
                if (item is { Kind: "ConfigMap", Name: "kube-root-ca.crt" } or { Kind: "ServiceAccount", Name: "default" })
                    continue;
                if (ending.Contains(item.Namespace ?? item.Name))
                    continue;
                var metadata = item.Json["metadata"]!;
                // Controllers that elect a leader renew it every few seconds.
                var version = metadata["annotations"]?["control-plane.alpha.kubernetes.io/leader"] is null ? item.ResourceVersion : "renewed";
                objects[$"{resource.ApiVersion} {item.Reference}"] = (version, $"{metadata["labels"]?.ToJsonString()} {metadata["annotations"]?.ToJsonString()}");
            }
        }

        return new ClusterInventory(objects);
    }

    // What other tests are done with.
    private static async Task<HashSet<string>> EndingNamespacesAsync(KubernetesApi api, CancellationToken cancellationToken)
    {
        var ending = new HashSet<string>(StringComparer.Ordinal);
        var resource = await api.FindResourceAsync("", "Namespace", version: null, cancellationToken);
        await foreach (var ns in api.ListAsync(resource!, null, new ListOptions { MetadataOnly = true }, cancellationToken))
        {
            if (ns.Json["metadata"]!["deletionTimestamp"] is not null)
                ending.Add(ns.Name);
        }

        return ending;
    }

    /// <summary>Whether an object was there.</summary>
    internal bool Has(ObjectReference item) => Objects.Keys.Any(name => name.EndsWith($" {item}", StringComparison.Ordinal));

    /// <summary>What is there with other labels or annotations, is missing or is new, compared with an earlier inventory.</summary>
    internal IEnumerable<string> ChangesSince(ClusterInventory earlier) => Changes(earlier, item => item.Labels);

    /// <summary>As <see cref="ChangesSince"/>, every write counting.</summary>
    internal IEnumerable<string> WritesSince(ClusterInventory earlier) => Changes(earlier, item => item.Version);

    private IEnumerable<string> Changes(ClusterInventory earlier, Func<(string Version, string Labels), string> state) =>
        from name in Objects.Keys.Union(earlier.Objects.Keys)
        let before = earlier.Objects.TryGetValue(name, out var old) ? state(old) : "absent"
        let now = Objects.TryGetValue(name, out var item) ? state(item) : "absent"
        where before != now
        select $"{name}: {before} -> {now}";
}
