using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>Service accounts and rights of a control plane: the names of Istio's chart, with the rights that what the sandbox plays would need.</summary>
internal static class IstiodRights
{
    private const string Api = "rbac.authorization.k8s.io/v1";
    private const string Reader = "istio-reader-service-account";

    internal static IEnumerable<KubernetesObject> Objects(OperatorSettings settings, ManifestObject manifest)
    {
        var (ns, istiod) = (settings.Namespace, settings.Named("istiod"));
        yield return manifest.Base("v1", "ServiceAccount", ns, Reader, [], "istio-reader");
        yield return manifest.Shared("v1", "ServiceAccount", ns, istiod, []);

        (string Name, string App, string Account, JsonArray Rules)[] roles =
        [
            ($"{settings.Named("istio-reader-clusterrole")}-{ns}", "istio-reader", Reader, ReaderRules()),
            ($"{settings.Named("istiod-clusterrole")}-{ns}", "istiod", istiod, IstiodRules()),
            ($"{settings.Named("istiod-gateway-controller")}-{ns}", "istiod", istiod, GatewayControllerRules()),
        ];
        foreach (var (name, app, account, rules) in roles)
        {
            yield return manifest.Shared(Api, "ClusterRole", null, name, new JsonObject { ["rules"] = rules }, app);
            yield return manifest.Shared(Api, "ClusterRoleBinding", null, name, Binding("ClusterRole", name, account, ns), app);
        }

        yield return manifest.Shared(Api, "Role", ns, istiod, new JsonObject
        {
            ["rules"] = new JsonArray(
                Rule(["networking.istio.io"], ["gateways"], ["create"]),
                Rule([""], ["secrets"], ["create", "get", "watch", "list", "update", "delete"]),
                Rule([""], ["configmaps"], ["delete"]),
                Rule(["coordination.k8s.io"], ["leases"], ["get", "update", "patch", "create"])),
        });
        yield return manifest.Shared(Api, "RoleBinding", ns, istiod, Binding("Role", istiod, istiod, ns));
    }

    private static JsonArray ReaderRules() => new(
        Rule(["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], ["get", "list", "watch"]),
        Rule([""], ["endpoints", "pods", "services", "nodes", "namespaces", "configmaps"], ["get", "list", "watch"]),
        Rule(["discovery.k8s.io"], ["endpointslices"], ["get", "list", "watch"]));

    private static JsonArray IstiodRules() => new(
        Rule(["admissionregistration.k8s.io"], ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"], ["get", "list", "watch", "update", "patch"]),
        Rule(["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], ["get", "list", "watch"]),
        Rule([""], ["pods", "nodes", "services", "namespaces", "endpoints"], ["get", "list", "watch"]),
        Rule([""], ["configmaps"], ["create", "get", "list", "watch", "update"]),
        Rule(["discovery.k8s.io"], ["endpointslices"], ["get", "list", "watch"]),
        Rule(["authentication.k8s.io"], ["tokenreviews"], ["create"]));

    private static JsonArray GatewayControllerRules() => new(
        Rule(["apps"], ["deployments"], ["get", "list", "watch", "update", "patch", "create", "delete"]),
        Rule([""], ["services", "serviceaccounts"], ["get", "list", "watch", "update", "patch", "create", "delete"]));

    private static JsonObject Binding(string kind, string role, string account, string ns) => new()
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = kind, ["name"] = role },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = account, ["namespace"] = ns }),
    };

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) => new()
    {
        ["apiGroups"] = Texts(groups),
        ["resources"] = Texts(resources),
        ["verbs"] = Texts(verbs),
    };

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
