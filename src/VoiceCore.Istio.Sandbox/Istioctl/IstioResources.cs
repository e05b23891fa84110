using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>
/// Istio's CustomResourceDefinitions: names, versions and the stored version as in Istio's chart <c>base</c> (<c>crd-all.gen.yaml</c>
/// at 1.21.0 and 1.30.3), without the schema of <c>spec</c>: the sandbox takes any fields there.
/// </summary>
internal static class IstioResources
{
    // The first version of the list is stored, and all are served.
    private static readonly (string Group, string Kind, string Plural, string[] ShortNames, string[] Versions, string[] Before)[] Kinds =
    [
        ("extensions.istio.io", "TrafficExtension", "trafficextensions", [], ["v1alpha1"], []),
        ("extensions.istio.io", "WasmPlugin", "wasmplugins", [], ["v1alpha1"], ["v1alpha1"]),
        ("networking.istio.io", "DestinationRule", "destinationrules", ["dr"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "EnvoyFilter", "envoyfilters", [], ["v1alpha3"], ["v1alpha3"]),
        ("networking.istio.io", "Gateway", "gateways", ["gw"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "ProxyConfig", "proxyconfigs", [], ["v1beta1"], ["v1beta1"]),
        ("networking.istio.io", "ServiceEntry", "serviceentries", ["se"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "Sidecar", "sidecars", [], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "VirtualService", "virtualservices", ["vs"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "WorkloadEntry", "workloadentries", ["we"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("networking.istio.io", "WorkloadGroup", "workloadgroups", ["wg"], ["v1", "v1alpha3", "v1beta1"], ["v1alpha3", "v1beta1"]),
        ("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", ["ap"], ["v1", "v1beta1"], ["v1beta1", "v1"]),
        ("security.istio.io", "PeerAuthentication", "peerauthentications", ["pa"], ["v1", "v1beta1"], ["v1beta1"]),
        ("security.istio.io", "RequestAuthentication", "requestauthentications", ["ra"], ["v1", "v1beta1"], ["v1beta1", "v1"]),
        ("telemetry.istio.io", "Telemetry", "telemetries", ["telemetry"], ["v1alpha1", "v1"], ["v1alpha1"]),
    ];

    /// <summary>The definitions of a version: Istio 1.22 brought <c>v1</c> of all groups.</summary>
    internal static IEnumerable<KubernetesObject> Definitions(IstioVersion version, ManifestObject manifest) =>
        from item in Kinds
        let versions = version.CompareTo(new IstioVersion(1, 22, 0, "1.22.0")) >= 0 ? item.Versions : item.Before
        where versions.Length > 0
        select Definition(manifest, item.Group, item.Kind, item.Plural, item.ShortNames, versions);

    private static KubernetesObject Definition(ManifestObject manifest, string group, string kind, string plural, string[] shortNames, string[] versions)
    {
        var names = new JsonObject
        {
            ["categories"] = new JsonArray("istio-io", group.Replace(".istio.io", "-istio-io", StringComparison.Ordinal)),
            ["kind"] = kind,
            ["listKind"] = kind + "List",
            ["plural"] = plural,
            ["singular"] = kind.ToLowerInvariant(),
        };
        if (shortNames.Length > 0)
            names["shortNames"] = new JsonArray([.. shortNames.Select(name => JsonValue.Create(name))]);
        var definition = manifest.Base("apiextensions.k8s.io/v1", "CustomResourceDefinition", null, $"{plural}.{group}", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["names"] = names,
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray([.. versions.Order(StringComparer.Ordinal).Select(name => Version(name, name == versions[0]))]),
            },
        });
        definition.Json["metadata"]!["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" };
        return definition;
    }

    private static JsonObject Version(string name, bool isStored) => new()
    {
        ["name"] = name,
        ["served"] = true,
        ["storage"] = isStored,
        ["schema"] = new JsonObject
        {
            ["openAPIV3Schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["spec"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                    ["status"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                },
            },
        },
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
    };
}
