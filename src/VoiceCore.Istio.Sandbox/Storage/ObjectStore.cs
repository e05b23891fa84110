using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Storage;

/// <summary>
/// The sandbox's etcd: objects by kind, namespace and name, one counter for all changes, and the last changes, so that a watch can go on
/// where it stood. Objects that it hands out are never changed afterwards and must not be changed by whoever gets them: clone first.
/// Safe for use from several threads.
/// </summary>
/// <param name="historyLength">How many changes are remembered; watches from older states answer 410.</param>
public sealed class ObjectStore(int historyLength = 10_000)
{
    private readonly object _lock = new();
    private readonly Dictionary<(string Group, string Plural), Collection> _collections = [];
    private readonly Queue<StoreEvent> _history = new();
    private readonly List<StoreSubscription> _subscriptions = [];

    // Changes up to here are forgotten.
    private long _forgotten;
    private long _resourceVersion = 1;

    /// <summary>The number of the last change.</summary>
    public long ResourceVersion
    {
        get
        {
            lock (_lock)
                return _resourceVersion;
        }
    }

    /// <summary>The object, or null.</summary>
    public JsonObject? Get(ResourceKind kind, string? @namespace, string name)
    {
        lock (_lock)
            return Of(kind).Objects.GetValueOrDefault(Key(kind, @namespace, name));
    }

    /// <summary>The objects of a namespace, or of all, in the order of their keys.</summary>
    public IReadOnlyList<JsonObject> List(ResourceKind kind, string? @namespace = null) => Snapshot(kind, @namespace).Items;

    /// <summary>As <see cref="List"/>, with the state's resource version.</summary>
    public (IReadOnlyList<JsonObject> Items, long ResourceVersion) Snapshot(ResourceKind kind, string? @namespace)
    {
        lock (_lock)
        {
            var objects = Of(kind).Objects;
            var items = @namespace is null || !kind.Namespaced
                ? objects.Values.ToArray()
                : objects.Where(item => item.Key.StartsWith(@namespace + "/", StringComparison.Ordinal)).Select(item => item.Value).ToArray();
            return (items, _resourceVersion);
        }
    }

    /// <summary>Stores a new object and gives it its resource version. The store keeps <paramref name="json"/>.</summary>
    /// <exception cref="ApiException">AlreadyExists.</exception>
    public JsonObject Create(ResourceKind kind, JsonObject json)
    {
        lock (_lock)
        {
            if (Of(kind).Objects.ContainsKey(Key(kind, json)))
                throw ApiErrors.AlreadyExists(kind, json.Name());
            return Put(StoreEventType.Added, kind, json, before: null);
        }
    }

    /// <summary>Replaces an object whose resource version is the one in <paramref name="json"/>, which the store keeps.</summary>
    /// <exception cref="ApiException">NotFound, or Conflict where it was changed meanwhile.</exception>
    public JsonObject Update(ResourceKind kind, JsonObject json)
    {
        lock (_lock)
            return Put(StoreEventType.Modified, kind, json, Expected(kind, json.Namespace(), json.Name(), json.ResourceVersion()));
    }

    /// <summary>Removes an object; returns its last state with the deletion's resource version.</summary>
    /// <exception cref="ApiException">NotFound, or Conflict where it is not at <paramref name="resourceVersion"/> (null: any).</exception>
    public JsonObject Delete(ResourceKind kind, string? @namespace, string name, string? resourceVersion = null)
    {
        lock (_lock)
        {
            var before = Expected(kind, @namespace, name, resourceVersion);
            return Put(StoreEventType.Deleted, kind, (JsonObject)before.DeepClone(), before);
        }
    }

    /// <summary>Everything that is there now, as added, and then every change.</summary>
    public StoreSubscription Subscribe()
    {
        lock (_lock)
        {
            return Subscribe(_collections.Values
                .SelectMany(item => item.Objects.Values, (item, json) => new StoreEvent(StoreEventType.Added, item.Kind, json, null, Number(json)))
                .OrderBy(change => change.ResourceVersion));
        }
    }

    /// <summary>Every change after a resource version.</summary>
    /// <exception cref="ApiException">Expired: those changes are forgotten.</exception>
    public StoreSubscription Subscribe(long after)
    {
        lock (_lock)
        {
            if (after < _forgotten)
                throw ApiErrors.WatchExpired(after, _forgotten);
            return Subscribe(_history.Where(change => change.ResourceVersion > after));
        }
    }

    /// <summary>Forgets the changes up to now, as etcd does when it is compacted: watches from older states answer 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _history.Clear();
            _forgotten = _resourceVersion;
        }
    }

    /// <summary>True where changes after this resource version are forgotten.</summary>
    internal bool IsForgotten(long resourceVersion)
    {
        lock (_lock)
            return resourceVersion < _forgotten;
    }

    private StoreSubscription Subscribe(IEnumerable<StoreEvent> first)
    {
        var subscription = new StoreSubscription(Unsubscribe);
        foreach (var change in first)
            subscription.Publish(change);
        _subscriptions.Add(subscription);
        return subscription;
    }

    private void Unsubscribe(StoreSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }

    private JsonObject Put(StoreEventType type, ResourceKind kind, JsonObject json, JsonObject? before)
    {
        json["metadata"]!["resourceVersion"] = (++_resourceVersion).ToString(CultureInfo.InvariantCulture);
        if (type == StoreEventType.Deleted)
            Of(kind).Objects.Remove(Key(kind, json));
        else
            Of(kind).Objects[Key(kind, json)] = json;

        var change = new StoreEvent(type, kind, json, before, _resourceVersion);
        _history.Enqueue(change);
        if (_history.Count > historyLength)
            _forgotten = _history.Dequeue().ResourceVersion;
        foreach (var subscription in _subscriptions)
            subscription.Publish(change);
        return json;
    }

    private JsonObject Expected(ResourceKind kind, string? @namespace, string name, string? resourceVersion)
    {
        var found = Of(kind).Objects.GetValueOrDefault(Key(kind, @namespace, name)) ?? throw ApiErrors.NotFound(kind, name);
        return resourceVersion is null || found.ResourceVersion() == resourceVersion ? found : throw ApiErrors.Conflict(kind, name);
    }

    private Collection Of(ResourceKind kind)
    {
        if (!_collections.TryGetValue((kind.Group, kind.Plural), out var collection))
            _collections[(kind.Group, kind.Plural)] = collection = new Collection(kind);
        return collection;
    }

    private static string Key(ResourceKind kind, JsonObject json) => Key(kind, json.Namespace(), json.Name());

    private static string Key(ResourceKind kind, string? @namespace, string name) => kind.Namespaced ? $"{@namespace}/{name}" : name;

    private static long Number(JsonObject json) => long.Parse(json.ResourceVersion()!, CultureInfo.InvariantCulture);

    private sealed record Collection(ResourceKind Kind)
    {
        internal SortedDictionary<string, JsonObject> Objects { get; } = new(StringComparer.Ordinal);
    }
}
