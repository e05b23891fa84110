using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Sandbox.Tests.Apply;

public sealed class RenderedMeshTests
{
    [Fact]
    public async Task The_rendered_mesh_can_be_applied_twice_and_the_second_time_changes_nothing()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var stop = RunningSandbox.Stop;
        var objects = MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = "1-31-0" }).Files
            .SelectMany(file => file.Objects)
            .Select(item => WithImages(item.Object.Clone()))
            .Where(item => item.Kind != "IstioOperator")
            .ToArray();
        foreach (var name in objects.Select(item => item.Namespace).OfType<string>().Distinct())
            await sandbox.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        foreach (var kind in objects.Where(item => sandbox.Sandbox.Cluster.Kinds.Of(item.Json) is null).GroupBy(item => (item.Group, item.Version, item.Kind)))
            await sandbox.ApplyAsync(Definition(kind.Key.Group, kind.Key.Version, kind.Key.Kind));
        sandbox.Api.ResetDiscovery();

        foreach (var item in objects)
            await sandbox.Api.ApplyAsync(item, new ApplyOptions(), stop);
        await sandbox.Sandbox.SettleAsync(stop);
        var before = new Dictionary<ObjectReference, string>();
        foreach (var item in objects)
            before[item.Reference] = (await sandbox.Api.GetAsync(item.Reference, stop))!.ResourceVersion;

        foreach (var item in objects)
            Assert.Equal((item.Reference, before[item.Reference]), (item.Reference, (await sandbox.Api.ApplyAsync(item, new ApplyOptions(), stop)).ResourceVersion));
    }

    // The shipped definition names no images: they are the teams'.
    private static KubernetesObject WithImages(KubernetesObject item)
    {
        foreach (var container in item.Json["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [])
            container!["image"] ??= "voicecore:1";
        return item;
    }

    private static string Definition(string group, string version, string kind)
    {
        var plural = kind.ToLowerInvariant() + "s";
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{plural}.{group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject { ["plural"] = plural, ["kind"] = kind },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = version,
                    ["served"] = true,
                    ["storage"] = true,
                    ["schema"] = new JsonObject { ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true } },
                }),
            },
        }.ToJsonString();
    }
}
