using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>Writes Pods and Deployments, each as <see cref="Reading.PodReader"/> and <see cref="Reading.DeploymentReader"/> read it.</summary>
internal static class PodWriter
{
    internal static void Write(Utf8JsonWriter json, PodRecord pod)
    {
        json.Begin("v1", "Pod", pod);
        WriteSpec(json, pod, LabelSet.Empty);
        json.WriteStartObject("status"u8);
        if (pod.Ready)
        {
            json.WriteStartArray("conditions"u8);
            json.WriteStartObject();
            json.WriteString("status"u8, "True"u8);
            json.WriteString("type"u8, "Ready"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.Text("phase", pod.Phase);
        json.Text("podIP", pod.IP);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, DeploymentRecord deployment)
    {
        json.Begin("apps/v1", "Deployment", deployment);
        json.WriteStartObject("spec"u8);
        json.WriteStartObject("template"u8);
        json.WriteStartObject("metadata"u8);
        json.Labels("annotations", deployment.Template.Annotations);
        json.Labels("labels", deployment.Template.Labels);
        json.WriteEndObject();
        WriteSpec(json, deployment.Template, deployment.Settings);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter json, PodRecord pod, LabelSet settings)
    {
        json.WriteStartObject("spec"u8);
        Write(json, "containers", pod.Containers, isInit: false, settings);
        json.Flag("hostNetwork", pod.HostNetwork);
        Write(json, "initContainers", pod.Containers, isInit: true, LabelSet.Empty);
        json.Text("nodeName", pod.Node);
        Write(json, pod.RunAsUser);
        json.Text("serviceAccountName", pod.ServiceAccount, "default");
        json.WriteEndObject();
    }

    // Which of the containers has a setting is not kept: the first has them all.
    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ContainerRecord> containers, bool isInit, LabelSet settings)
    {
        if (!containers.Any(container => container.IsInit == isInit))
            return;
        json.WriteStartArray(name);
        foreach (var container in containers.Where(container => container.IsInit == isInit))
        {
            json.WriteStartObject();
            if (container.IsRouter)
            {
                json.WriteStartArray("args"u8);
                json.WriteStringValue("router"u8);
                json.WriteEndArray();
            }

            if (settings.Count > 0)
            {
                json.WriteStartArray("env"u8);
                foreach (var (key, value) in settings)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, key);
                    json.WriteString("value"u8, value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                settings = LabelSet.Empty;
            }

            json.Text("image", container.Image);
            json.Text("name", container.Name);
            Write(json, container.NamedPorts);
            if (isInit && container.NamedPorts.Count > 0)
                json.WriteString("restartPolicy"u8, "Always"u8);
            Write(json, container.RunAsUser);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LabelSet namedPorts)
    {
        if (namedPorts.Count == 0)
            return;
        json.WriteStartArray("ports"u8);
        foreach (var (name, number) in namedPorts)
        {
            json.WriteStartObject();
            json.WritePropertyName("containerPort"u8);
            json.WriteRawValue(number);
            json.WriteString("name"u8, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, long? runAsUser)
    {
        if (runAsUser is not { } user)
            return;
        json.WriteStartObject("securityContext"u8);
        json.WriteNumber("runAsUser"u8, user);
        json.WriteEndObject();
    }
}
