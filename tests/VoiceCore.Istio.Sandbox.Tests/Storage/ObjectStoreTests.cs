using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests.Storage;

public sealed class ObjectStoreTests
{
    // What to do with which of three objects: 0 creates, 1 changes, 2 deletes.
    private static readonly Gen<(int Action, int Name)[]> Steps = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2]).Array[0, 30];

    [Fact]
    public void A_state_and_the_changes_after_it_give_the_present_state() => Gen.Select(Steps, Steps).Sample((before, after) =>
    {
        var store = new ObjectStore();
        Do(store, before);
        var (items, version) = store.Snapshot(BuiltInKinds.ConfigMap, null);
        var state = items.ToDictionary(item => item.Name(), item => item.ResourceVersion());
        Do(store, after);

        using var changes = store.Subscribe(version);
        var last = version;
        while (changes.Events.TryRead(out var change))
        {
            Assert.True(change.ResourceVersion > last);
            last = change.ResourceVersion;
            if (change.Type == StoreEventType.Deleted)
                Assert.True(state.Remove(change.Object.Name()));
            else
                state[change.Object.Name()] = change.Object.ResourceVersion();
        }

        Assert.Equal(store.List(BuiltInKinds.ConfigMap).Select(item => (item.Name(), item.ResourceVersion())), state.Select(item => (item.Key, item.Value)).OrderBy(item => item.Key, StringComparer.Ordinal));
    });

    [Fact]
    public void An_old_state_cannot_be_replaced()
    {
        var store = new ObjectStore();
        var old = (JsonObject)store.Create(BuiltInKinds.ConfigMap, Map("a")).DeepClone();
        store.Update(BuiltInKinds.ConfigMap, (JsonObject)old.DeepClone());

        Assert.Equal("Conflict", Assert.Throws<ApiException>(() => store.Update(BuiltInKinds.ConfigMap, old)).Reason);
        Assert.Equal("Conflict", Assert.Throws<ApiException>(() => store.Delete(BuiltInKinds.ConfigMap, "default", "a", old.ResourceVersion())).Reason);
        Assert.Equal("AlreadyExists", Assert.Throws<ApiException>(() => store.Create(BuiltInKinds.ConfigMap, Map("a"))).Reason);
        Assert.Equal("NotFound", Assert.Throws<ApiException>(() => store.Delete(BuiltInKinds.ConfigMap, "default", "b")).Reason);
    }

    [Fact]
    public void Changes_beyond_the_history_are_expired()
    {
        var store = new ObjectStore(historyLength: 2);
        var start = store.ResourceVersion;
        foreach (var name in (string[])["a", "b", "c"])
            store.Create(BuiltInKinds.ConfigMap, Map(name));

        Assert.Equal((410, "Expired"), Assert.Throws<ApiException>(() => store.Subscribe(start)) is var error ? (error.Code, error.Reason) : default);
        using var rest = store.Subscribe(start + 1);
        Assert.True(rest.Events.TryRead(out var change));
        Assert.Equal("b", change.Object.Name());

        store.Compact();
        Assert.Throws<ApiException>(() => store.Subscribe(start + 1));
        store.Subscribe(store.ResourceVersion).Dispose();
    }

    private static void Do(ObjectStore store, (int Action, int Name)[] steps)
    {
        foreach (var (action, number) in steps)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            var there = store.Get(BuiltInKinds.ConfigMap, "default", name);
            if (action == 0 && there is null)
                store.Create(BuiltInKinds.ConfigMap, Map(name));
            else if (action == 1 && there is not null)
                store.Update(BuiltInKinds.ConfigMap, (JsonObject)there.DeepClone());
            else if (action == 2 && there is not null)
                store.Delete(BuiltInKinds.ConfigMap, "default", name);
        }
    }

    private static JsonObject Map(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" } };
}
