using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>Gives a namespace its service account and the cluster's root certificate, and empties it before it goes.</summary>
internal sealed class NamespaceController : IController
{
    private static readonly WriteSettings Writes = new(ControllerManager.Name);

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Kind.IsSameAs(BuiltInKinds.Namespace))
        {
            if (change.Type == StoreEventType.Added && !change.Object.IsDeleting())
                Furnish(change.Object.Name(), cluster);
            if (change.Type != StoreEventType.Deleted && change.Object.IsDeleting())
                Empty(change.Object, cluster);
        }
        else if (change.Type == StoreEventType.Deleted
            && change.Object.Namespace() is { } name
            && cluster.Store.Get(BuiltInKinds.Namespace, null, name) is { } home
            && home.IsDeleting())
        {
            Empty(home, cluster);
        }
    }

    private static void Furnish(string name, SandboxCluster cluster)
    {
        Create(cluster, BuiltInKinds.ServiceAccount, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = name } });
        Create(cluster, BuiltInKinds.ConfigMap, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["namespace"] = name },
            ["data"] = new JsonObject { ["ca.crt"] = "" },
        });
    }

    private static void Create(SandboxCluster cluster, ResourceKind kind, JsonObject json)
    {
        json["apiVersion"] = kind.ApiVersion;
        json["kind"] = kind.Kind;
        if (cluster.Store.Get(kind, json.Namespace(), json.Name()) is null)
            cluster.Objects.Create(kind, json, Writes);
    }

    private static void Empty(JsonObject home, SandboxCluster cluster)
    {
        var content = cluster.Kinds.All.Where(kind => kind.Namespaced).DistinctBy(kind => (kind.Group, kind.Plural))
            .SelectMany(kind => cluster.Store.List(kind, home.Name()), (kind, json) => (Kind: kind, Json: json)).ToArray();
        foreach (var (kind, json) in content.Where(item => !item.Json.IsDeleting()))
            cluster.Objects.Delete(kind, json.Namespace(), json.Name(), new DeleteSettings());
        if (content.Length == 0)
            cluster.Objects.Update(BuiltInKinds.Namespace, Finalized(home), Writes);
    }

    private static JsonObject Finalized(JsonObject home)
    {
        var json = (JsonObject)home.DeepClone();
        json["spec"] = new JsonObject();
        return json;
    }
}
