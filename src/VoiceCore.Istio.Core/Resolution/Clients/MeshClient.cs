using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Clients that no rule tells apart: all pods of a namespace with (or without) a sidecar; where Sidecars or DestinationRules of the namespace
/// are for chosen workloads, those that the same of them are for.
/// </summary>
/// <param name="Namespace">Their namespace.</param>
/// <param name="Labels">The labels of one of them, where labels matter; else empty.</param>
/// <param name="HasSidecar">Whether a sidecar carries their traffic.</param>
/// <param name="Pods">The pods.</param>
public sealed record MeshClient(string Namespace, LabelSet Labels, bool HasSidecar, IReadOnlyList<PodRecord> Pods)
{
    /// <summary>The namespace; with the pods' labels <c>app</c> where labels matter, such as <c>shop/cart,web</c>.</summary>
    public string Name { get; } = Labels.Count == 0 ? Namespace : string.Join('/', [Namespace, .. Apps(Pods)]);

    /// <summary>True for gateways: their proxies know everything that is exported to their namespace, and end calls to anything else.</summary>
    public bool IsGateway { get; init; }

    /// <summary>The name, with a note where the clients have no sidecar.</summary>
    public string Title => IsGateway ? $"{Name} (gateway)" : HasSidecar ? Name : $"{Name} (no sidecar)";

    /// <summary>The pods that may call services.</summary>
    internal static IEnumerable<PodRecord> Callers(MeshSnapshot snapshot) =>
        snapshot.Pods.Where(pod => pod.IsCaller);

    /// <summary>The classes of clients of a mesh.</summary>
    internal static IReadOnlyList<MeshClient> Of(MeshResolution mesh)
    {
        var selectors = Selectors(mesh.Snapshot);
        var pods = NamespacedList<PodRecord>.Of(mesh.Snapshot.Pods);
        var clients = new List<MeshClient>();
        foreach (var name in pods.Namespaces)
        {
            foreach (var hasSidecar in (bool[])[true, false])
            {
                var callers = pods is SavedPods saved ? saved.Callers(name, hasSidecar) : pods.In(name).Where(pod => pod.IsCaller && pod.HasSidecar == hasSidecar).ToArray();
                if (callers.Count == 0)
                    continue;
                if (hasSidecar && (pods is SavedPods index ? index.HasGateways(name) : callers.Any(pod => pod.IsGateway)))
                {
                    clients.AddRange(Gateways(name, callers, mesh.Snapshot));
                    callers = callers.Where(pod => !pod.IsGateway).ToArray();
                    if (callers.Count == 0)
                        continue;
                }

                if (!selectors.TryGetValue(name, out var own))
                    clients.Add(new MeshClient(name, LabelSet.Empty, hasSidecar, callers));
                else
                    clients.AddRange(callers.GroupBy(pod => Matched(own, pod.Labels)).Select(group => new MeshClient(name, group.First().Labels, hasSidecar, group.ToArray())).OrderBy(client => client.Name, StringComparer.Ordinal));
            }
        }

        return clients;
    }

    // Gateways are told apart by the Gateways that they carry out, and by rules for chosen workloads.
    private static IEnumerable<MeshClient> Gateways(string @namespace, IEnumerable<PodRecord> callers, MeshSnapshot snapshot)
    {
        var selectors = snapshot.Gateways.Select(gateway => gateway.Selector).Concat(snapshot.DestinationRules.Where(rule => rule.Namespace == @namespace).Select(rule => rule.WorkloadSelector))
            .OfType<LabelSet>().ToList();
        return callers.Where(pod => pod.IsGateway).GroupBy(pod => Matched(selectors, pod.Labels))
            .Select(group => new MeshClient(@namespace, group.First().Labels, HasSidecar: true, group.ToArray()) { IsGateway = true })
            .OrderBy(client => client.Name, StringComparer.Ordinal);
    }

    private static Dictionary<string, List<LabelSet>> Selectors(MeshSnapshot snapshot)
    {
        var selectors = new Dictionary<string, List<LabelSet>>(StringComparer.Ordinal);
        foreach (var sidecar in snapshot.Sidecars)
            Add(sidecar.Namespace, sidecar.WorkloadSelector);
        foreach (var rule in snapshot.DestinationRules)
            Add(rule.Namespace, rule.WorkloadSelector);
        return selectors;

        void Add(string @namespace, LabelSet? selector)
        {
            if (selector is not null)
                (selectors.TryGetValue(@namespace, out var known) ? known : selectors[@namespace] = []).Add(selector);
        }
    }

    // Which of the selectors match: a character each.
    private static string Matched(List<LabelSet> selectors, LabelSet labels) =>
        string.Concat(selectors.Select(selector => labels.Matches(selector) ? '1' : '0'));

    private static string[] Apps(IReadOnlyList<PodRecord> pods) =>
        pods.Select(pod => pod.Labels["app"]).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } apps ? [string.Join(',', apps)] : [];
}
