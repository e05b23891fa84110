using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Compares an object of the cluster with a wanted one, field by field, and says who owns what differs. Pure.
/// What the API server alone writes (status, versions, managed fields) is left out.
/// </summary>
internal sealed class FieldComparison
{
    private static readonly string[] ServerMetadata = ["managedFields", "resourceVersion", "generation", "creationTimestamp", "uid", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private readonly List<FieldDifference> _differences = [];

    // Null: what is wanted is the whole object. Else: the manager whose fields go where they are no longer wanted.
    private readonly string? _manager;
    private readonly bool _defaultsInLists;

    private FieldComparison(string? manager, bool defaultsInLists)
    {
        _manager = manager;
        _defaultsInLists = defaultsInLists;
    }

    /// <summary>Every difference between the object as it is and as it would be.</summary>
    internal static IReadOnlyList<FieldDifference> Whole(KubernetesObject live, KubernetesObject after) =>
        Compare(live, after, manager: null, defaultsInLists: false);

    /// <summary>
    /// The stated fields that the live object has otherwise, and the fields that <paramref name="manager"/> alone owns and no longer states:
    /// what server-side apply would change, found without the server. Defaults that the server fills in are no differences.
    /// Within a list that is owned as a whole nothing tells such a default from a field that was stated before:
    /// <paramref name="defaultsInLists"/> says what it is taken for.
    /// </summary>
    internal static IReadOnlyList<FieldDifference> Stated(KubernetesObject live, KubernetesObject wanted, string manager, bool defaultsInLists) =>
        Compare(live, wanted, manager, defaultsInLists);

    private static List<FieldDifference> Compare(KubernetesObject live, KubernetesObject wanted, string? manager, bool defaultsInLists)
    {
        var comparison = new FieldComparison(manager, defaultsInLists);
        comparison.Objects("", Comparable(live), Comparable(wanted), FieldOwner.Of(live), inAtomic: false);
        return comparison._differences;
    }

    private static JsonObject Comparable(KubernetesObject item)
    {
        var json = item.Clone().Json;
        json.Remove("status");
        json.Remove("apiVersion");
        json.Remove("kind");
        foreach (var key in ServerMetadata)
            (json["metadata"] as JsonObject)?.Remove(key);
        return json;
    }

    private void Nodes(string path, JsonNode? live, JsonNode? wanted, IReadOnlyList<FieldOwner> owners, bool inAtomic)
    {
        if (IsNothing(live) && IsNothing(wanted))
            return;
        if (live is JsonObject liveObject && wanted is JsonObject wantedObject)
            Objects(path, liveObject, wantedObject, owners, inAtomic);
        else if (live is JsonArray liveList && wanted is JsonArray wantedList)
            Lists(path, liveList, wantedList, owners, inAtomic);
        else if (!SameScalar(path, live, wanted))
            Add(path, live, wanted, owners);
    }

    private void Objects(string path, JsonObject live, JsonObject wanted, IReadOnlyList<FieldOwner> owners, bool inAtomic)
    {
        foreach (var (key, value) in wanted)
            Nodes($"{path}.{key}", live[key], value, Below(owners, owner => owner.Field(key)), inAtomic);
        foreach (var (key, value) in live)
        {
            if (!wanted.ContainsKey(key))
                NotWanted($"{path}.{key}", value, Below(owners, owner => owner.Field(key)), inAtomic);
        }
    }

    private void Lists(string path, JsonArray live, JsonArray wanted, IReadOnlyList<FieldOwner> owners, bool inAtomic)
    {
        var keys = Keys(live, wanted, owners);
        if (keys.Count == 0)
        {
            if (live.Count != wanted.Count)
            {
                Add(path, live, wanted, owners);
                return;
            }

            for (var i = 0; i < live.Count; i++)
                Nodes(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), live[i], wanted[i], owners, inAtomic: true);
            return;
        }

        foreach (var item in wanted)
        {
            var found = live.FirstOrDefault(candidate => SameKeys(keys, candidate, item));
            Nodes(ItemPath(path, keys, found ?? item), found, item, Below(owners, owner => owner.Item(found)), inAtomic);
        }

        foreach (var item in live.Where(item => !wanted.Any(candidate => SameKeys(keys, item, candidate))))
            NotWanted(ItemPath(path, keys, item), item, Below(owners, owner => owner.Item(item)), inAtomic);
    }

    private void NotWanted(string path, JsonNode? live, List<FieldOwner> owners, bool inAtomic)
    {
        if (_manager is null)
        {
            if (!IsNothing(live))
                Add(path, live, null, owners);
            return;
        }

        if ((inAtomic && _defaultsInLists) || owners.FirstOrDefault(owner => owner.Manager == _manager) is not { } own)
            return;
        if (own.IsWhole || own.Fields.ContainsKey("."))
        {
            if (owners.Count == 1 && !IsNothing(live))
                Add(path, live, null, owners);
        }
        else if (live is JsonObject fields)
        {
            Objects(path, fields, [], owners, inAtomic);
        }
        else if (live is JsonArray items)
        {
            Lists(path, items, [], owners, inAtomic);
        }
    }

    private void Add(string path, JsonNode? live, JsonNode? wanted, IReadOnlyList<FieldOwner> owners) =>
        _differences.Add(new FieldDifference(path, Text(live), Text(wanted), [.. owners.Select(owner => owner.Manager).Distinct(StringComparer.Ordinal)]));

    private static List<FieldOwner> Below(IReadOnlyList<FieldOwner> owners, Func<FieldOwner, FieldOwner?> step) =>
        owners.Select(step).OfType<FieldOwner>().ToList();

    // Who manages a list by keys tells the keys; a list that is owned as a whole has none; else names are keys by custom.
    private static IReadOnlyList<string> Keys(JsonArray live, JsonArray wanted, IReadOnlyList<FieldOwner> owners)
    {
        var keys = owners.Select(owner => owner.ListKeys()).FirstOrDefault(keys => keys.Count > 0);
        if (keys is not null)
            return keys;
        return owners.Count == 0 && Named(live) && Named(wanted) ? ["name"] : [];
    }

    private static bool Named(JsonArray items) =>
        items.Select(item => Text((item as JsonObject)?["name"])).ToList() is var names && !names.Contains(null) && names.Distinct().Count() == names.Count;

    private static bool SameKeys(IReadOnlyList<string> keys, JsonNode? live, JsonNode? wanted) =>
        live is JsonObject one && wanted is JsonObject other
        && keys.All(key => one[key] is null || other[key] is null || JsonNode.DeepEquals(one[key], other[key]))
        && keys.Any(key => one[key] is not null && other[key] is not null);

    private static string ItemPath(string path, IReadOnlyList<string> keys, JsonNode? item) =>
        $"{path}[{string.Join(',', keys.Where(key => item?[key] is not null).Select(key => $"{key}={item![key]!.ToJsonString()}"))}]";

    private bool SameScalar(string path, JsonNode? live, JsonNode? wanted)
    {
        if (JsonNode.DeepEquals(live, wanted))
            return true;
        if (_manager is null || live is not JsonValue || wanted is not JsonValue)
            return false;
        var (one, other) = (Text(live)!, Text(wanted)!);
        return one == other
            || (path.Contains(".resources.", StringComparison.Ordinal)
                && ResourceQuantity.TryParse(one) is { } amount && ResourceQuantity.TryParse(other) == amount);
    }

    // The API server leaves out what is empty.
    private static bool IsNothing(JsonNode? node) => node switch
    {
        null => true,
        JsonObject json => json.Count == 0,
        JsonArray list => list.Count == 0,
        _ => node.GetValueKind() == JsonValueKind.String && ((string?)node)!.Length == 0,
    };

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string?)value,
        _ => node.ToJsonString(),
    };
}
