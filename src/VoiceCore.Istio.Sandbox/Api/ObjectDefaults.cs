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

    private int _addresses = 1;

    internal void Apply(ResourceKind kind, JsonObject json)
    {
        switch (kind.Group, kind.Kind)
        {
            case ("", "Namespace"):
                Namespace(json);
                break;
            case ("", "Pod"):
                PodDefaults.Apply(Part(json, "spec"));
                Set(json["spec"], "serviceAccountName", "default");
                Set(Part(json, "status"), "phase", "Pending");
                break;
            case ("", "Service"):
                Service(Part(json, "spec"));
                break;
            case ("", "Secret"):
                Set(json, "type", "Opaque");
                break;
            case ("apps", "Deployment" or "StatefulSet" or "ReplicaSet" or "DaemonSet"):
                Workload(kind.Kind, Part(json, "spec"));
                break;
            case ("admissionregistration.k8s.io", _):
                foreach (var webhook in Items(json["webhooks"]))
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

    internal static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static void Namespace(JsonObject json)
    {
        Part(json.Metadata(), "labels")["kubernetes.io/metadata.name"] = json.Name();
        // A namespace that is created is held until its content is gone; one that was finalized is not held again.
        if (json["spec"] is null)
            json["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        Set(Part(json, "status"), "phase", "Active");
    }

    private void Service(JsonObject spec)
    {
        Set(spec, "type", "ClusterIP");
        Set(spec, "sessionAffinity", "None");
        foreach (var port in Items(spec["ports"]))
        {
            Set(port, "protocol", "TCP");
            if (port["port"] is { } number)
                Set(port, "targetPort", number.DeepClone());
        }

        if ((string?)spec["type"] == "ExternalName")
            return;
        Set(spec, "internalTrafficPolicy", "Cluster");
        if (spec["clusterIP"] is null)
        {
            var next = _addresses++;
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"{ServiceNetwork}.{next / 250}.{1 + (next % 250)}");
        }

        Set(spec, "clusterIPs", new JsonArray(spec["clusterIP"]!.DeepClone()));
        Set(spec, "ipFamilies", new JsonArray("IPv4"));
        Set(spec, "ipFamilyPolicy", "SingleStack");
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
        foreach (var rule in Items(webhook["rules"]))
            Set(rule, "scope", "*");
        if (webhook["clientConfig"]?["service"] is JsonObject service)
            Set(service, "port", 443);
    }
}
