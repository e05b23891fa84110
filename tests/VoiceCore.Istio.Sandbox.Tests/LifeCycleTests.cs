using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Rest;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests;

/// <summary>How objects go: owners, finalizers, namespaces and definitions of kinds (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).</summary>
public sealed class LifeCycleTests
{
    private static readonly WriteSettings Writes = new("one");

    [Theory]
    [InlineData("Background", false, false)]
    [InlineData("Foreground", false, false)]
    [InlineData("Orphan", false, true)]
    public async Task The_policy_of_a_deletion_decides_over_what_was_owned(string policy, bool ownerStays, bool dependentStays)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var objects = sandbox.Sandbox.Cluster.Objects;
        var owner = objects.Create(BuiltInKinds.ConfigMap, Map("owner"), Writes);
        objects.Create(BuiltInKinds.ConfigMap, Owned("dependent", owner), Writes);
        await sandbox.Sandbox.SettleAsync(RunningSandbox.Stop);

        objects.Delete(BuiltInKinds.ConfigMap, "default", "owner", new DeleteSettings { PropagationPolicy = policy });

        Assert.Equal(ownerStays, await sandbox.GetAsync("", "ConfigMap", "default", "owner") is not null);
        var dependent = await sandbox.GetAsync("", "ConfigMap", "default", "dependent");
        Assert.Equal(dependentStays, dependent is not null);
        Assert.Empty(dependent?.Json.Owners() ?? []);
    }

    [Fact]
    public async Task A_foreground_deletion_waits_for_what_finalizers_hold()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var objects = sandbox.Sandbox.Cluster.Objects;
        var owner = objects.Create(BuiltInKinds.ConfigMap, Map("owner"), Writes);
        var dependent = Owned("dependent", owner);
        dependent.Metadata()["finalizers"] = new JsonArray("example.com/hold");
        objects.Create(BuiltInKinds.ConfigMap, dependent, Writes);

        objects.Delete(BuiltInKinds.ConfigMap, "default", "owner", new DeleteSettings { PropagationPolicy = "Foreground" });
        Assert.True((await sandbox.GetAsync("", "ConfigMap", "default", "owner"))!.Json.IsDeleting());
        Assert.True((await sandbox.GetAsync("", "ConfigMap", "default", "dependent"))!.Json.IsDeleting());

        objects.Patch(BuiltInKinds.ConfigMap, "default", "dependent", WithoutFinalizers(), Writes);
        Assert.Null(await sandbox.GetAsync("", "ConfigMap", "default", "dependent"));
        Assert.Null(await sandbox.GetAsync("", "ConfigMap", "default", "owner"));
    }

    [Fact]
    public async Task What_names_an_owner_that_is_not_there_is_collected()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var gone = Map("gone");
        gone.Metadata()["uid"] = "no-such-uid";
        sandbox.Sandbox.Cluster.Objects.Create(BuiltInKinds.ConfigMap, Owned("dependent", gone), Writes);

        Assert.Null(await sandbox.GetAsync("", "ConfigMap", "default", "dependent"));
    }

    [Fact]
    public async Task A_namespace_that_goes_takes_nothing_new_and_waits_for_its_content()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var objects = sandbox.Sandbox.Cluster.Objects;
        await sandbox.ApplyAsync("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}""");
        var held = Map("held", "shop");
        held.Metadata()["finalizers"] = new JsonArray("example.com/hold");
        objects.Create(BuiltInKinds.ConfigMap, held, Writes);

        objects.Delete(BuiltInKinds.Namespace, null, "shop", new DeleteSettings());
        Assert.Equal("Terminating", (string?)(await sandbox.GetAsync("", "Namespace", null, "shop"))!.Json["status"]!["phase"]);
        var refused = Assert.Throws<ApiException>(() => objects.Create(BuiltInKinds.ConfigMap, Map("new", "shop"), Writes));
        Assert.Equal((403, "Forbidden"), (refused.Code, refused.Reason));
        Assert.Equal("NamespaceTerminating", (string?)refused.Details!["causes"]![0]!["reason"]);

        objects.Patch(BuiltInKinds.ConfigMap, "shop", "held", WithoutFinalizers(), Writes);
        Assert.Null(await sandbox.GetAsync("", "Namespace", null, "shop"));
        var missing = Assert.Throws<ApiException>(() => objects.Create(BuiltInKinds.ConfigMap, Map("new", "shop"), Writes));
        Assert.Equal((404, "namespaces \"shop\" not found"), (missing.Code, missing.Message));
    }

    [Fact]
    public async Task A_definition_takes_its_objects_and_its_kind_with_it()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync(
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.example.com"},
             "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},
              "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """);
        sandbox.Api.ResetDiscovery();
        await sandbox.ApplyAsync("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"one","namespace":"default"},"spec":{"any":1}}""");
        Assert.NotNull(await sandbox.GetAsync("example.com", "Widget", "default", "one"));

        sandbox.Sandbox.Cluster.Objects.Delete(BuiltInKinds.CustomResourceDefinition, null, "widgets.example.com", new DeleteSettings());
        await sandbox.Sandbox.SettleAsync(RunningSandbox.Stop);

        Assert.Null(sandbox.Sandbox.Cluster.Kinds.Find("example.com", "Widget"));
        sandbox.Api.ResetDiscovery();
        Assert.Null(await sandbox.Api.FindResourceAsync("example.com", "Widget", null, RunningSandbox.Stop));
    }

    [Fact]
    public async Task A_broken_connection_is_met_once_and_the_client_reads_on()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        sandbox.Sandbox.Faults.Add(new Fault(request => request.Path.EndsWith("/namespaces/default", StringComparison.Ordinal)) { BreaksConnection = true, Times = 1 });

        Assert.NotNull(await sandbox.GetAsync("", "Namespace", null, "default"));
    }

    private static JsonObject Map(string name, string @namespace = "default") =>
        new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace } };

    private static JsonObject Owned(string name, JsonObject owner)
    {
        var json = Map(name);
        json.Metadata()["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = owner.Name(), ["uid"] = owner.Uid(), ["blockOwnerDeletion"] = true });
        return json;
    }

    private static JsonObject WithoutFinalizers() => new() { ["metadata"] = new JsonObject { ["finalizers"] = null } };
}
