using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>Three nodes in three zones.</summary>
internal static class SandboxNodes
{
    /// <summary>The nodes' one address, of a network for documentation (RFC 5737).</summary>
    internal const string Address = "192.0.2.1";

    internal static readonly IReadOnlyList<string> Names = ["sandbox-node-1", "sandbox-node-2", "sandbox-node-3"];

    internal static string Zone(string node) => $"sandbox-zone-{node[^1]}";

    internal static void Create(SandboxCluster cluster)
    {
        var kind = cluster.Kinds.Get("", "Node");
        foreach (var name in Names)
        {
            var node = cluster.Objects.Create(
                kind,
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Node",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = name,
                        ["labels"] = new JsonObject
                        {
                            ["kubernetes.io/hostname"] = name,
                            ["kubernetes.io/os"] = "linux",
                            ["topology.kubernetes.io/region"] = "sandbox",
                            ["topology.kubernetes.io/zone"] = Zone(name),
                        },
                    },
                    ["spec"] = new JsonObject(),
                },
                OwnedObjects.Writes);
            OwnedObjects.SetStatus(cluster, kind, node, new JsonObject
            {
                ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = Address }),
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady", ["lastTransitionTime"] = cluster.Now }),
            });
        }
    }
}
