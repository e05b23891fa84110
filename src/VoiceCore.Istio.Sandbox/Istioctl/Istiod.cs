using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>istiod of one revision: Deployment, Service, autoscaler and disruption budget, with the names and labels of Istio's chart.</summary>
internal static class Istiod
{
    internal static IEnumerable<KubernetesObject> Objects(OperatorSettings settings, ManifestObject manifest)
    {
        var (ns, name) = (settings.Namespace, settings.Named("istiod"));
        yield return manifest.OfRevision("apps/v1", "Deployment", ns, name, new JsonObject { ["spec"] = DeploymentSpec(settings, manifest) }, "istiod", "pilot");
        if (settings.Minimum > 1)
        {
            yield return manifest.OfRevision("policy/v1", "PodDisruptionBudget", ns, name, new JsonObject
            {
                ["spec"] = new JsonObject { ["minAvailable"] = 1, ["selector"] = new JsonObject { ["matchLabels"] = Selector(settings) } },
            }, "istiod", "pilot");
        }

        if (settings.IsAutoscaled)
            yield return manifest.OfRevision("autoscaling/v2", "HorizontalPodAutoscaler", ns, name, new JsonObject { ["spec"] = AutoscalerSpec(settings, name) }, "istiod");
        yield return manifest.OfRevision("v1", "Service", ns, name, ServiceBody(settings), "istiod", "pilot");
    }

    /// <summary>The Service of istiod, also that of a tag.</summary>
    internal static JsonObject ServiceBody(OperatorSettings settings) => new()
    {
        ["spec"] = new JsonObject
        {
            ["ports"] = new JsonArray(
                Port("grpc-xds", 15010),
                Port("https-dns", 15012),
                Port("https-webhook", 443, 15017),
                Port("http-monitoring", 15014)),
            ["selector"] = Selector(settings),
        },
    };

    private static JsonObject Selector(OperatorSettings settings) => new() { ["app"] = "istiod", ["istio.io/rev"] = settings.Revision };

    private static JsonObject Port(string name, int port, int? target = null)
    {
        var made = new JsonObject { ["name"] = name, ["port"] = port, ["protocol"] = "TCP" };
        if (target is not null)
            made["targetPort"] = target;
        return made;
    }

    private static JsonObject AutoscalerSpec(OperatorSettings settings, string name) => new()
    {
        ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = name },
        ["minReplicas"] = settings.Minimum,
        ["maxReplicas"] = settings.Maximum,
        ["metrics"] = new JsonArray(new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject
            {
                ["name"] = "cpu",
                ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = settings.TargetCpuUtilization },
            },
        }),
    };

    private static JsonObject DeploymentSpec(OperatorSettings settings, ManifestObject manifest)
    {
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(settings) },
            ["strategy"] = new JsonObject { ["rollingUpdate"] = new JsonObject { ["maxSurge"] = "100%", ["maxUnavailable"] = "25%" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = PodLabels(manifest),
                    ["annotations"] = new JsonObject
                    {
                        ["prometheus.io/port"] = "15014",
                        ["prometheus.io/scrape"] = "true",
                        ["sidecar.istio.io/inject"] = "false",
                    },
                },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = settings.Named("istiod"),
                    ["containers"] = new JsonArray(Container(settings)),
                },
            },
        };
        if (!settings.IsAutoscaled)
            spec["replicas"] = settings.Minimum;
        return spec;
    }

    private static JsonObject PodLabels(ManifestObject manifest)
    {
        var labels = manifest.ChartLabels("istiod", "istiod");
        foreach (var (key, value) in manifest.RevisionLabels())
            labels[key] = value;
        labels["app"] = "istiod";
        labels["istio"] = "istiod";
        labels["istio.io/dataplane-mode"] = "none";
        labels["sidecar.istio.io/inject"] = "false";
        return labels;
    }

    private static JsonObject Container(OperatorSettings settings) => new()
    {
        ["name"] = "discovery",
        ["image"] = $"{settings.Hub}/pilot:{settings.Tag}",
        ["args"] = new JsonArray("discovery", "--monitoringAddr=:15014", "--log_output_level=default:info", "--domain", "cluster.local", "--keepaliveMaxServerConnectionAge", "30m"),
        ["ports"] = new JsonArray(
            ContainerPort("http-debug", 8080),
            ContainerPort("grpc-xds", 15010),
            ContainerPort("tls-xds", 15012),
            ContainerPort("https-webhooks", 15017),
            ContainerPort("http-monitoring", 15014)),
        ["env"] = Environment(settings),
        ["readinessProbe"] = new JsonObject
        {
            ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = 8080 },
            ["initialDelaySeconds"] = 1,
            ["periodSeconds"] = 3,
            ["timeoutSeconds"] = 5,
        },
        ["resources"] = settings.Resources.DeepClone(),
        ["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            ["readOnlyRootFilesystem"] = true,
            ["runAsNonRoot"] = true,
        },
    };

    private static JsonObject ContainerPort(string name, int port) => new() { ["name"] = name, ["containerPort"] = port, ["protocol"] = "TCP" };

    private static JsonArray Environment(OperatorSettings settings)
    {
        var variables = new JsonArray(
            Variable("REVISION", settings.Revision),
            Variable("PILOT_CERT_PROVIDER", "istiod"),
            FieldVariable("POD_NAME", "metadata.name"),
            FieldVariable("POD_NAMESPACE", "metadata.namespace"),
            FieldVariable("SERVICE_ACCOUNT", "spec.serviceAccountName"),
            Variable("CLUSTER_ID", "Kubernetes"));
        foreach (var (name, value) in settings.Environment)
            variables.Add(Variable(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        foreach (var variable in settings.MoreEnvironment)
            variables.Add(variable?.DeepClone());
        return variables;
    }

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject FieldVariable(string name, string path) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path } },
    };
}
