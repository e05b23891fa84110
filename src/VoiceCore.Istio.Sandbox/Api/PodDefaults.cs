using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>What the API server fills into a pod's specification.</summary>
internal static class PodDefaults
{
    /// <summary>As <see cref="Apply"/>, with what only a pod gets and a template does not.</summary>
    internal static void ApplyToPod(JsonObject spec)
    {
        Apply(spec);
        ObjectDefaults.Set(spec, "enableServiceLinks", true);
        foreach (var container in Containers(spec))
        {
            // A limit without a request is the request too.
            if (container["resources"]?["limits"] is not JsonObject limits)
                continue;
            var requests = ObjectDefaults.Part((JsonObject)container["resources"]!, "requests");
            foreach (var (name, value) in limits)
                ObjectDefaults.Set(requests, name, value!.DeepClone());
        }
    }

    internal static void Apply(JsonObject spec)
    {
        ObjectDefaults.Set(spec, "restartPolicy", "Always");
        ObjectDefaults.Set(spec, "terminationGracePeriodSeconds", 30);
        ObjectDefaults.Set(spec, "dnsPolicy", "ClusterFirst");
        ObjectDefaults.Set(spec, "schedulerName", "default-scheduler");
        ObjectDefaults.Set(spec, "securityContext", new JsonObject());

        // The old name of the same field.
        if (spec["serviceAccountName"] is { } account)
            spec["serviceAccount"] = account.DeepClone();
        foreach (var container in Containers(spec))
            Container(container);
        foreach (var volume in spec.List("volumes"))
        {
            foreach (var source in (string[])["configMap", "secret", "projected", "downwardAPI"])
                ObjectDefaults.Set(volume[source], "defaultMode", 420);
            foreach (var item in volume.List("projected", "sources").Select(source => source["downwardAPI"]).Append(volume["downwardAPI"]).SelectMany(source => source.List("items")))
                ObjectDefaults.Set(item["fieldRef"], "apiVersion", "v1");
        }
    }

    private static void Container(JsonObject container)
    {
        ObjectDefaults.Set(container, "imagePullPolicy", PullPolicy((string?)container["image"] ?? ""));
        ObjectDefaults.Set(container, "terminationMessagePath", "/dev/termination-log");
        ObjectDefaults.Set(container, "terminationMessagePolicy", "File");
        foreach (var port in container.List("ports"))
            ObjectDefaults.Set(port, "protocol", "TCP");
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            ObjectDefaults.Set(container[probe], "timeoutSeconds", 1);
            ObjectDefaults.Set(container[probe], "periodSeconds", 10);
            ObjectDefaults.Set(container[probe], "successThreshold", 1);
            ObjectDefaults.Set(container[probe], "failureThreshold", 3);
            ObjectDefaults.Set(container[probe]?["httpGet"], "scheme", "HTTP");
        }

        ObjectDefaults.Set(container, "resources", new JsonObject());
        foreach (var variable in container.List("env"))
            ObjectDefaults.Set(variable["valueFrom"]?["fieldRef"], "apiVersion", "v1");
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec) => spec.List("containers").Concat(spec.List("initContainers"));

    private static string PullPolicy(string image)
    {
        var tag = image[(image.LastIndexOf('/') + 1)..].Split(':');
        return tag.Length == 1 || tag[1] == "latest" ? "Always" : "IfNotPresent";
    }
}
