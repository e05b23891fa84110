using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>Finds the objects that differ, as they would be saved: what a snapshot does not keep is no difference.</summary>
internal static class ObjectComparison
{
    private static readonly JsonWriterOptions WriterOptions = new() { MaxDepth = 256, SkipValidation = true };
    private static readonly JsonDocumentOptions ReaderOptions = new() { MaxDepth = 256 };

    internal static IReadOnlyList<ObjectChange> Run(MeshSnapshot before, MeshSnapshot after) =>
    [
        .. Of(MeshConfigs(before), MeshConfigs(after)),
        .. Of(Objects(before.Namespaces, _ => "Namespace", KubernetesObjectWriter.Write), Objects(after.Namespaces, _ => "Namespace", KubernetesObjectWriter.Write)),
        .. Of(Objects(before.Services, _ => "Service", KubernetesObjectWriter.Write), Objects(after.Services, _ => "Service", KubernetesObjectWriter.Write)),
        .. Of(EndpointSummary.Of(before), EndpointSummary.Of(after)),
        .. Of(PodSummary.Of(before), PodSummary.Of(after)),
        .. Of(Objects(before.Deployments, _ => "Deployment", PodWriter.Write), Objects(after.Deployments, _ => "Deployment", PodWriter.Write)),
        .. Of(Objects(before.Injectors, _ => "ConfigMap", ConfigMapWriter.Write), Objects(after.Injectors, _ => "ConfigMap", ConfigMapWriter.Write)),
        .. Of(Objects(before.IstioObjects, item => item.Kind, IstioObjectWriter.Write), Objects(after.IstioObjects, item => item.Kind, IstioObjectWriter.Write)),
        .. Of(Objects(before.Webhooks, KindOf, WebhookWriter.Write), Objects(after.Webhooks, KindOf, WebhookWriter.Write)),
        .. Of(Objects(before.CustomResources, _ => "CustomResourceDefinition", KubernetesObjectWriter.Write), Objects(after.CustomResources, _ => "CustomResourceDefinition", KubernetesObjectWriter.Write)),
    ];

    /// <summary>What a record is compared by.</summary>
    internal static byte[] Bytes<T>(T item, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, WriterOptions))
            write(json, item);
        return bytes.WrittenSpan.ToArray();
    }

    private static string KindOf(WebhookConfiguration configuration) =>
        configuration.IsMutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";

    private static IEnumerable<ComparableObject> MeshConfigs(MeshSnapshot snapshot) =>
        [new(ObjectChange.MeshConfig, "", "", null, () => Bytes(snapshot.Mesh, MeshConfigWriter.Write))];

    private static IEnumerable<ComparableObject> Objects<T>(IEnumerable<T> items, Func<T, string> kind, Action<Utf8JsonWriter, T> write)
        where T : MeshObject => items.Select(item => new ComparableObject(kind(item), item.Namespace, item.Name, item, () => Bytes(item, write)));

    // In the order of kind, namespace and name.
    private static IEnumerable<ObjectChange> Of(IEnumerable<ComparableObject> before, IEnumerable<ComparableObject> after)
    {
        var earlier = before.ToDictionary(item => item.Key);
        var changes = new List<ObjectChange>();
        foreach (var item in after)
        {
            if (!earlier.Remove(item.Key, out var old))
                changes.Add(new ObjectChange(MeshChangeAction.Added, item.Kind, item.Namespace, item.Name, null, item.Record, []));
            else if (Differences(old, item) is { Count: > 0 } fields)
                changes.Add(new ObjectChange(MeshChangeAction.Changed, item.Kind, item.Namespace, item.Name, old.Record, item.Record, [.. fields]));
        }

        changes.AddRange(earlier.Values.Select(old => new ObjectChange(MeshChangeAction.Removed, old.Kind, old.Namespace, old.Name, old.Record, null, [])));
        return changes
            .OrderBy(change => change.Kind, StringComparer.Ordinal)
            .ThenBy(change => change.Namespace, StringComparer.Ordinal)
            .ThenBy(change => change.Name, StringComparer.Ordinal);
    }

    private static List<FieldDifference> Differences(ComparableObject before, ComparableObject after)
    {
        if (before.Record is not null && ReferenceEquals(before.Record, after.Record))
            return [];
        var (one, other) = (before.Json(), after.Json());
        if (one.AsSpan().SequenceEqual(other))
            return [];
        var differences = FieldComparison.Whole(Parse(one), Parse(other)).ToList();
        // Of two rules for the same the older one counts, so an object that was made anew may lose against another.
        if (before.Record is { } old && after.Record is { } now && old.Created != now.Created && old.Created != default && now.Created != default)
            differences.Add(new FieldDifference(".metadata.creationTimestamp", Time(old.Created), Time(now.Created), []));
        return differences;
    }

    private static KubernetesObject Parse(byte[] json) => new(JsonNode.Parse(json, documentOptions: ReaderOptions)!.AsObject());

    private static string Time(DateTime time) => time.ToString("u", CultureInfo.InvariantCulture);
}

/// <summary>An object as it is compared.</summary>
internal sealed record ComparableObject(string Kind, string Namespace, string Name, MeshObject? Record, Func<byte[]> Json)
{
    internal (string, string, string) Key => (Kind, Namespace, Name);
}
