using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Tests;

public sealed class WorkloadTests
{
    private const string Deployment =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},
         "spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},
          "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1","ports":[{"name":"http","containerPort":8080}]}]}}}}
        """;

    [Fact]
    public async Task A_Deployment_becomes_ready_pods_on_three_nodes()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync(Deployment);

        var deployment = await sandbox.GetAsync("apps", "Deployment", "default", "web");
        Assert.Equal("3", deployment!.Json["status"]!["availableReplicas"]!.ToString());
        Assert.Equal(deployment.Json["metadata"]!["generation"]!.ToString(), deployment.Json["status"]!["observedGeneration"]!.ToString());
        var pods = await sandbox.ListAsync("", "Pod", "default");
        Assert.Equal(3, pods.Select(pod => (string?)pod.Json["spec"]!["nodeName"]).Distinct().Count());
        Assert.Equal(3, pods.Select(pod => (string?)pod.Json["status"]!["podIP"]).Distinct().Count());
    }

    [Fact]
    public async Task A_new_template_replaces_the_pods_and_the_old_ReplicaSet_stays_at_zero()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync(Deployment);
        await sandbox.ApplyAsync(Deployment.Replace("web:1", "web:2", StringComparison.Ordinal));

        var pods = await sandbox.ListAsync("", "Pod", "default");
        Assert.Equal(["web:2", "web:2", "web:2"], pods.Select(pod => (string?)pod.Json["spec"]!["containers"]![0]!["image"]));
        var sets = await sandbox.ListAsync("apps", "ReplicaSet", "default");
        Assert.Equal(["0", "3"], sets.Select(set => set.Json["spec"]!["replicas"]!.ToString()).Order());
    }

    [Fact]
    public async Task A_deleted_Deployment_takes_its_ReplicaSets_and_pods_with_it()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync(Deployment);
        await sandbox.Api.DeleteAsync(new ObjectReference("apps", "Deployment", "default", "web"), new DeleteOptions(), RunningSandbox.Stop);

        Assert.Empty(await sandbox.ListAsync("apps", "ReplicaSet", "default"));
        Assert.Empty(await sandbox.ListAsync("", "Pod", "default"));
    }

    [Fact]
    public async Task A_Service_finds_the_numbers_of_named_ports()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"default"},"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":"http"}]}}""");
        await sandbox.ApplyAsync(Deployment);

        var slice = Assert.Single(await sandbox.ListAsync("discovery.k8s.io", "EndpointSlice", "default"));
        Assert.Equal("web", slice.Label("kubernetes.io/service-name"));
        Assert.Equal(3, slice.Json["endpoints"]!.AsArray().Count);
        Assert.Equal("8080", slice.Json["ports"]![0]!["port"]!.ToString());
    }

    [Fact]
    public async Task An_autoscaler_raises_a_Deployment_to_its_minimum()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync(Deployment);
        await sandbox.ApplyAsync("""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"web","namespace":"default"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"minReplicas":5,"maxReplicas":9}}""");

        Assert.Equal(5, (await sandbox.ListAsync("", "Pod", "default")).Count);
    }

    [Fact]
    public async Task A_namespace_is_empty_before_it_goes()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await sandbox.ApplyAsync("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}""");
        await sandbox.ApplyAsync(Deployment.Replace("\"default\"", "\"shop\"", StringComparison.Ordinal));
        await sandbox.Api.DeleteAsync(new ObjectReference("", "Namespace", null, "shop"), new DeleteOptions(), RunningSandbox.Stop);

        Assert.Null(await sandbox.GetAsync("", "Namespace", null, "shop"));
        Assert.Empty(await sandbox.ListAsync("", "Pod", "shop"));
    }

    [Fact]
    public async Task What_the_sandbox_does_not_run_it_refuses()
    {
        await using var sandbox = await RunningSandbox.StartAsync();

        var error = await Assert.ThrowsAsync<Core.Errors.MeshException>(() => sandbox.ApplyAsync(Deployment.Replace("\"Deployment\"", "\"DaemonSet\"", StringComparison.Ordinal).Replace("\"replicas\":3,", "", StringComparison.Ordinal)));

        Assert.Contains("does not implement", error.Message, StringComparison.Ordinal);
    }
}
