using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>What the server says it serves: by group and version, and aggregated (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api).</summary>
internal static class DiscoveryDocuments
{
    /// <summary>The media type that a client asks for and gets the aggregated documents under.</summary>
    internal const string AggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary><c>/api</c> (<paramref name="core"/>) or <c>/apis</c>, aggregated.</summary>
    internal static JsonObject Aggregated(IReadOnlyList<ResourceKind> kinds, bool core) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = Array(kinds.Where(kind => kind.Group.Length == 0 == core).GroupBy(kind => kind.Group).Select(group => new JsonObject
        {
            ["metadata"] = group.Key.Length == 0 ? [] : new JsonObject { ["name"] = group.Key },
            ["versions"] = Array(group.GroupBy(kind => kind.Version).Select(version => new JsonObject
            {
                ["version"] = version.Key,
                ["resources"] = Array(version.Select(AggregatedResource)),
                ["freshness"] = "Current",
            })),
        })),
    };

    /// <summary><c>/api</c>.</summary>
    internal static JsonObject CoreVersions() => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() };

    /// <summary><c>/apis</c>.</summary>
    internal static JsonObject Groups(IReadOnlyList<ResourceKind> kinds) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = Array(kinds.Where(kind => kind.Group.Length > 0).GroupBy(kind => kind.Group).Select(group => GroupEntry(group.Key, group))),
    };

    /// <summary><c>/apis/GROUP</c>; null where nothing is served of it.</summary>
    internal static JsonObject? Group(IReadOnlyList<ResourceKind> kinds, string group)
    {
        var served = kinds.Where(kind => kind.Group == group).ToArray();
        if (served.Length == 0)
            return null;
        var entry = GroupEntry(group, served);
        entry["kind"] = "APIGroup";
        entry["apiVersion"] = "v1";
        return entry;
    }

    /// <summary><c>/api/v1</c> or <c>/apis/GROUP/VERSION</c>; null where nothing is served of it.</summary>
    internal static JsonObject? Resources(IReadOnlyList<ResourceKind> kinds, string group, string version)
    {
        var served = kinds.Where(kind => kind.Group == group && kind.Version == version).ToArray();
        return served.Length == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = served[0].ApiVersion,
            ["resources"] = Array(served.SelectMany(LegacyResources)),
        };
    }

    private static JsonObject GroupEntry(string group, IEnumerable<ResourceKind> kinds)
    {
        var versions = kinds.Select(kind => kind.Version).Distinct()
            .Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version }).ToArray();
        return new JsonObject { ["name"] = group, ["versions"] = Array(versions), ["preferredVersion"] = versions[0].DeepClone() };
    }

    private static JsonObject AggregatedResource(ResourceKind kind)
    {
        var resource = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind },
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Kind.ToLowerInvariant(),
            ["verbs"] = Texts(Verbs),
        };
        if (kind.ShortNames.Count > 0)
            resource["shortNames"] = Texts(kind.ShortNames);
        if (kind.Categories.Count > 0)
            resource["categories"] = Texts(kind.Categories);
        if (kind.HasStatus)
        {
            resource["subresources"] = new JsonArray(new JsonObject
            {
                ["subresource"] = "status",
                ["responseKind"] = resource["responseKind"]!.DeepClone(),
                ["verbs"] = new JsonArray("get", "patch", "update"),
            });
        }

        return resource;
    }

    private static IEnumerable<JsonObject> LegacyResources(ResourceKind kind)
    {
        var resource = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Kind.ToLowerInvariant(),
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Kind,
            ["verbs"] = Texts(Verbs),
        };
        if (kind.ShortNames.Count > 0)
            resource["shortNames"] = Texts(kind.ShortNames);
        if (kind.Categories.Count > 0)
            resource["categories"] = Texts(kind.Categories);
        yield return resource;
        if (kind.HasStatus)
        {
            yield return new JsonObject
            {
                ["name"] = kind.Plural + "/status",
                ["singularName"] = "",
                ["namespaced"] = kind.Namespaced,
                ["kind"] = kind.Kind,
                ["verbs"] = new JsonArray("get", "patch", "update"),
            };
        }
    }

    private static JsonArray Array(IEnumerable<JsonObject> items) => new([.. items]);

    private static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);
}
