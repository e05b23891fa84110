using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// The gateways as injected Deployments of our own. They carry no label of istioctl's operator, so that a revision's uninstall
/// (which deletes what carries <c>operator.istio.io/component</c> and its revision) leaves them standing.
/// Form: Istio's documentation, "Installing Gateways".
/// </summary>
internal static class GatewayRenderer
{
    private const int StatusPort = 15021;

    // The user of Istio's proxy image.
    private const int ProxyUser = 1337;

    internal static JsonObject Selector(GatewayDefinition gateway) => new() { ["istio"] = gateway.Name };

    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options) =>
        definition.Gateways.SelectMany(gateway => Render(gateway, manifest, options));

    private static IEnumerable<RenderedObject> Render(GatewayDefinition gateway, Manifest manifest, RenderOptions options)
    {
        yield return Object("v1", "ServiceAccount", gateway.Name, []);

        // istiod hands a gateway the secrets that its service account may list, and only those.
        if (gateway.Ports.Any(port => port.CredentialName is not null))
        {
            yield return Object("rbac.authorization.k8s.io/v1", "Role", gateway.Name, new JsonObject
            {
                ["rules"] = new JsonArray(new JsonObject
                {
                    ["apiGroups"] = new JsonArray(""),
                    ["resources"] = new JsonArray("secrets"),
                    ["verbs"] = new JsonArray("get", "watch", "list"),
                }),
            });
            yield return Object("rbac.authorization.k8s.io/v1", "RoleBinding", gateway.Name, new JsonObject
            {
                ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = gateway.Name },
                ["subjects"] = new JsonArray(new JsonObject
                {
                    ["kind"] = "ServiceAccount",
                    ["name"] = gateway.Name,
                    ["namespace"] = gateway.Namespace,
                }),
            });
        }

        yield return Object("v1", "Service", gateway.Name, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["type"] = gateway.ServiceType,
                ["selector"] = Selector(gateway),
                ["ports"] = new JsonArray(
                [
                    ServicePort("status-port", StatusPort, StatusPort, "http"),
                    .. gateway.Ports.Select(port => ServicePort(port.Name, port.Port, TargetPort(port.Port), port.Protocol.AppProtocol())),
                ]),
            },
        });
        yield return Object("apps/v1", "Deployment", gateway.Name, new JsonObject { ["spec"] = DeploymentSpec(gateway, options) });
        if (manifest.Autoscaler(ManifestRole.Gateway, gateway.Namespace, gateway.Name, gateway.Replicas, Selector(gateway)) is { } autoscaler)
            yield return autoscaler;
        if (gateway.Replicas.Minimum > 1)
        {
            yield return Object("policy/v1", "PodDisruptionBudget", gateway.Name, new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["minAvailable"] = 1,
                    ["selector"] = new JsonObject { ["matchLabels"] = Selector(gateway) },
                },
            });
        }

        RenderedObject Object(string apiVersion, string kind, string name, JsonObject body) =>
            manifest.Object(ManifestRole.Gateway, apiVersion, kind, gateway.Namespace, name, body, Selector(gateway));
    }

    private static JsonObject DeploymentSpec(GatewayDefinition gateway, RenderOptions options)
    {
        var labels = Selector(gateway);
        labels[IstioNames.Inject] = "true";
        labels[IstioNames.Revision] = options.Revision;
        return new JsonObject
        {
            ["replicas"] = Manifest.FixedReplicas(gateway.Replicas),
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(gateway) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = labels,
                    ["annotations"] = new JsonObject { [IstioNames.Templates] = "gateway" },
                },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = gateway.Name,
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = IstioNames.Proxy,
                        // The injector puts its own proxy image here.
                        ["image"] = "auto",
                        ["ports"] = new JsonArray([.. gateway.Ports.Select(port => new JsonObject
                        {
                            ["name"] = port.Name,
                            ["containerPort"] = TargetPort(port.Port),
                        })]),
                        ["resources"] = Manifest.Resources(gateway.Resources),
                        ["securityContext"] = new JsonObject
                        {
                            ["allowPrivilegeEscalation"] = false,
                            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                            ["runAsNonRoot"] = true,
                            ["runAsUser"] = ProxyUser,
                            ["runAsGroup"] = ProxyUser,
                        },
                    }),
                },
            },
        };
    }

    private static JsonObject ServicePort(string name, int port, int targetPort, string appProtocol) => new()
    {
        ["name"] = name,
        ["port"] = port,
        ["targetPort"] = targetPort,
        ["appProtocol"] = appProtocol,
    };

    // A port below 1024 would need a privilege: the proxy listens 8000 above, as Istio's own gateways do.
    private static int TargetPort(int port) => port < 1024 ? port + 8000 : port;
}
