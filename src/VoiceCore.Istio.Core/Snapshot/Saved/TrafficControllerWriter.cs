using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>Writes of Rollouts and Canaries what <see cref="Reading.TrafficControllerReader"/> reads: the VirtualServices that they steer.</summary>
internal static class TrafficControllerWriter
{
    internal static void Write(Utf8JsonWriter json, TrafficController controller)
    {
        if (controller.Tool == ManagingTool.Flagger)
            WriteCanary(json, controller);
        else
            WriteRollout(json, controller);
        json.WriteEndObject();
    }

    private static void WriteCanary(Utf8JsonWriter json, TrafficController controller)
    {
        json.Begin("flagger.app/v1beta1", "Canary", controller);
        json.WriteStartObject("spec"u8);
        if (controller.VirtualServices.Count > 0)
        {
            json.WriteStartObject("service"u8);
            json.WriteString("name"u8, Name(controller.VirtualServices[0]));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRollout(Utf8JsonWriter json, TrafficController controller)
    {
        json.Begin("argoproj.io/v1alpha1", "Rollout", controller);
        string[] path = ["spec", "strategy", "canary", "trafficRouting", "istio"];
        foreach (var key in path)
            json.WriteStartObject(key);
        json.WriteStartArray("virtualServices"u8);
        foreach (var virtualService in controller.VirtualServices)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, $"{Name(virtualService)}.{virtualService.Split('/')[0]}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        for (var depth = 0; depth < path.Length; depth++)
            json.WriteEndObject();
    }

    private static string Name(string key) => key[(key.IndexOf('/') + 1)..];
}
