using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// A namespace has exactly one injection label. <c>istio-injection</c>, whatever its value, wins over <c>istio.io/rev</c>
/// (Istio's <c>mutatingwebhook.yaml</c>: the selectors by revision ask for its absence): pods would stay with another revision, or without a sidecar.
/// </summary>
internal static class InjectionLabels
{
    private const string PathPrefix = ".metadata.labels.";

    private static readonly string[] Labels = [IstioNames.Injection, IstioNames.Revision];

    /// <summary>The injection labels of a live namespace that stand beside what the definition wants.</summary>
    internal static IReadOnlyList<FieldDifference> Strangers(KubernetesObject live, KubernetesObject wanted)
    {
        var owners = FieldOwner.Of(live).Select(owner => owner.Field("metadata")?.Field("labels")).OfType<FieldOwner>().ToList();
        return
        [
            .. from label in Labels
               where live.Label(label) is not null && wanted.Label(label) is null
               let managers = owners.Where(owner => owner.Field(label) is not null).Select(owner => owner.Manager).Distinct().ToList()

               // A label that only the module set goes by itself when it is no longer applied.
               where !managers.SequenceEqual([FieldManagers.VoiceCore])
               select new FieldDifference(PathPrefix + label, live.Label(label), null, managers),
        ];
    }

    /// <summary>The patch that takes the strangers away and sets the wanted label in the same moment.</summary>
    internal static JsonObject Patch(IReadOnlyList<FieldDifference> strangers, KubernetesObject wanted)
    {
        var labels = new JsonObject();
        foreach (var stranger in strangers)
            labels[LabelOf(stranger)] = null;
        if (wanted.Label(IstioNames.Revision) is { } revision)
            labels[IstioNames.Revision] = revision;
        return new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
    }

    /// <summary>The patch after which a live namespace has the chosen label and no other of injection; null where it is so already.</summary>
    internal static JsonObject? Patch(KubernetesObject live, InjectionChoice choice)
    {
        var labels = new JsonObject();
        foreach (var label in Labels)
        {
            var wanted = label == choice.Label ? choice.Value : null;
            if (live.Label(label) != wanted)
                labels[label] = wanted;
        }

        return labels.Count == 0 ? null : new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
    }

    /// <summary>True for a label that decides about injection.</summary>
    internal static bool Are(string label) => Labels.Contains(label);

    /// <summary>The injection labels of a namespace as people write labels; empty where it has none.</summary>
    internal static string Text(KubernetesObject ns) =>
        string.Join(", ", Labels.Where(label => ns.Label(label) is not null).Select(label => $"{label}={ns.Label(label)}"));

    /// <summary>The namespace without the strangers. Changes and returns the same object.</summary>
    internal static KubernetesObject Without(IReadOnlyList<FieldDifference> strangers, KubernetesObject ns)
    {
        foreach (var stranger in strangers)
            (ns.Json["metadata"]?["labels"] as JsonObject)?.Remove(LabelOf(stranger));
        return ns;
    }

    /// <summary>The strangers as people write labels: <c>istio-injection=enabled</c>.</summary>
    internal static string Text(IReadOnlyList<FieldDifference> strangers) =>
        string.Join(", ", strangers.Select(stranger => $"{LabelOf(stranger)}={stranger.Live}"));

    private static string LabelOf(FieldDifference stranger) => stranger.Path[PathPrefix.Length..];
}
