using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// What the API server fills in where an object says nothing (https://kubernetes.io/docs/reference/kubernetes-api/), of the kinds that a
/// mesh uses. Used under the lock of writes.
/// </summary>
internal sealed class ObjectDefaults
{
    private const string ServiceNetwork = "10.96";

    private const int FirstNodePort = 30000;

    private int _addresses = 1;
    private int _nodePorts;

    internal void Apply(ResourceKind kind, JsonObject json, JsonObject? live)
    {
        switch (kind.Group, kind.Kind)
        {
            case ("", "Namespace"):
                Namespace(json);
                break;
            case ("", "Pod"):
                PodDefaults.ApplyToPod(Part(json, "spec"));
                Set(json["spec"], "serviceAccountName", "default");
                Set(Part(json, "status"), "phase", "Pending");
                break;
            case ("", "Service"):
                ServiceDefaults(Part(json, "spec"), live?["spec"]);
                break;
            case ("", "Secret"):
                Set(json, "type", "Opaque");
                Secret(json);
                break;
            case ("apps", "Deployment" or "StatefulSet" or "ReplicaSet" or "DaemonSet"):
                Workload(kind.Kind, Part(json, "spec"));
                break;
            case ("autoscaling", "HorizontalPodAutoscaler"):
                Autoscaler(Part(json, "spec"));
                break;
            case ("networking.k8s.io", "NetworkPolicy"):
                NetworkPolicy(Part(json, "spec"));
                break;
            case ("apiextensions.k8s.io", "CustomResourceDefinition"):
                Definition(Part(json, "spec"));
                break;
            case ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding"):
                Set(json["roleRef"], "apiGroup", kind.Group);
                foreach (var subject in json.List("subjects").Where(subject => (string?)subject["kind"] is "User" or "Group"))
                    Set(subject, "apiGroup", kind.Group);
                break;
            case ("admissionregistration.k8s.io", _):
                foreach (var webhook in json.List("webhooks"))
                    Webhook(webhook, kind.Kind);
                break;
            default:
                break;
        }
    }

    /// <summary>Sets a field where it is not set.</summary>
    internal static void Set(JsonNode? parent, string name, JsonNode value)
    {
        if (parent is JsonObject json && json[name] is null)
            json[name] = value;
    }

    internal static JsonObject Part(JsonObject json, string name)
    {
        Set(json, name, new JsonObject());
        return (JsonObject)json[name]!;
    }

    private static void Namespace(JsonObject json)
    {
        Part(json.Metadata(), "labels")["kubernetes.io/metadata.name"] = json.Name();
        // A namespace that is created is held until its content is gone; one that was finalized is not held again.
        if (json["spec"] is null)
            json["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        Set(Part(json, "status"), "phase", "Active");
    }

    // Addresses and ports of nodes that were given once stay.
    private void ServiceDefaults(JsonObject spec, JsonNode? live)
    {
        Set(spec, "type", "ClusterIP");
        Set(spec, "sessionAffinity", "None");
        foreach (var port in spec.List("ports"))
        {
            Set(port, "protocol", "TCP");
            if (port["port"] is { } number)
                Set(port, "targetPort", number.DeepClone());
        }

        if ((string?)spec["type"] == "ExternalName")
            return;
        Set(spec, "internalTrafficPolicy", "Cluster");
        if ((string?)spec["type"] is "NodePort" or "LoadBalancer")
        {
            Set(spec, "externalTrafficPolicy", "Cluster");
            foreach (var port in spec.List("ports"))
            {
                var before = live.List("ports").FirstOrDefault(item => JsonNode.DeepEquals(item["port"], port["port"]) && JsonNode.DeepEquals(item["protocol"], port["protocol"]));
                if (port["nodePort"] is null)
                    port["nodePort"] = before?["nodePort"]?.DeepClone() ?? FirstNodePort + _nodePorts++;
            }

            if ((string?)spec["type"] == "LoadBalancer")
                Set(spec, "allocateLoadBalancerNodePorts", true);
        }

        if (live?["clusterIP"] is { } address && (string?)live["type"] != "ExternalName")
            Set(spec, "clusterIP", address.DeepClone());
        if (spec["clusterIP"] is null)
        {
            var next = _addresses++;
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"{ServiceNetwork}.{next / 250}.{1 + (next % 250)}");
        }

        Set(spec, "clusterIPs", new JsonArray(spec["clusterIP"]!.DeepClone()));

        // A headless service without a selector is for any address that somebody will enter.
        var isForAny = (string?)spec["clusterIP"] == "None" && spec["selector"] is null;
        Set(spec, "ipFamilies", isForAny ? new JsonArray("IPv4", "IPv6") : new JsonArray("IPv4"));
        Set(spec, "ipFamilyPolicy", isForAny ? "RequireDualStack" : "SingleStack");
    }

    // What is written as text is kept as data.
    private static void Secret(JsonObject json)
    {
        foreach (var (name, text) in json["stringData"] as JsonObject ?? [])
            Part(json, "data")[name] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((string?)text ?? ""));
        json.Remove("stringData");
    }

    private static void Autoscaler(JsonObject spec)
    {
        Set(spec, "minReplicas", 1);
        if (spec["metrics"] is not JsonArray { Count: > 0 })
        {
            var target = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 };
            spec["metrics"] = new JsonArray(new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = target } });
        }

        if (spec["behavior"] is not JsonObject behavior)
            return;
        var up = Part(behavior, "scaleUp");
        Set(up, "stabilizationWindowSeconds", 0);
        Set(up, "selectPolicy", "Max");
        Set(up, "policies", new JsonArray(Policy("Pods", 4), Policy("Percent", 100)));
        var down = Part(behavior, "scaleDown");
        Set(down, "selectPolicy", "Max");
        Set(down, "policies", new JsonArray(Policy("Percent", 100)));

        static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };
    }

    private static void NetworkPolicy(JsonObject spec)
    {
        Set(spec, "policyTypes", spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress"));
        foreach (var port in spec.List("ingress").Concat(spec.List("egress")).SelectMany(rule => rule.List("ports")))
            Set(port, "protocol", "TCP");
    }

    private static void Definition(JsonObject spec)
    {
        var kind = (string?)spec["names"]?["kind"] ?? "";
        Set(spec["names"], "listKind", kind + "List");
        Set(spec["names"], "singular", kind.ToLowerInvariant());
        Set(spec, "conversion", new JsonObject { ["strategy"] = "None" });
    }

    private static void Workload(string kind, JsonObject spec)
    {
        if (kind != "DaemonSet")
            Set(spec, "replicas", 1);
        if (kind == "Deployment")
        {
            Set(spec, "progressDeadlineSeconds", 600);
            var strategy = Part(spec, "strategy");
            Set(strategy, "type", "RollingUpdate");
            if ((string?)strategy["type"] == "RollingUpdate")
            {
                Set(Part(strategy, "rollingUpdate"), "maxSurge", "25%");
                Set(strategy["rollingUpdate"], "maxUnavailable", "25%");
            }
        }

        if (kind != "ReplicaSet")
            Set(spec, "revisionHistoryLimit", 10);
        PodDefaults.Apply(Part(Part(spec, "template"), "spec"));
    }

    private static void Webhook(JsonObject webhook, string kind)
    {
        Set(webhook, "failurePolicy", "Fail");
        Set(webhook, "matchPolicy", "Equivalent");
        Set(webhook, "namespaceSelector", new JsonObject());
        Set(webhook, "objectSelector", new JsonObject());
        Set(webhook, "timeoutSeconds", 10);
        if (kind == "MutatingWebhookConfiguration")
            Set(webhook, "reinvocationPolicy", "Never");
        foreach (var rule in webhook.List("rules"))
            Set(rule, "scope", "*");
        if (webhook["clientConfig"]?["service"] is JsonObject service)
            Set(service, "port", 443);
    }
}
