using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>The parts that the objects of a saved snapshot have in common. What has the value that readers assume anyway is not written.</summary>
internal static class ObjectWriting
{
    /// <summary>Begins an object with what it is and its metadata.</summary>
    internal static void Begin(this Utf8JsonWriter json, string apiVersion, string kind, MeshObject item)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, apiVersion);
        json.WriteString("kind"u8, kind);
        json.WriteStartObject("metadata"u8);
        json.Metadata(item, item switch
        {
            PodRecord pod => pod.Owner,
            VirtualService virtualService when virtualService.Tools.Contains(ManagingTool.Flagger) => $"Canary/{item.Name}",
            _ => null,
        });
        json.WriteEndObject();
    }

    /// <summary>The fields of an object's metadata.</summary>
    internal static void Metadata(this Utf8JsonWriter json, MeshObject item, string? owner)
    {
        json.Labels("annotations", item.Annotations);
        if (item.Created != default)
            json.WriteString("creationTimestamp"u8, item.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        json.Labels("labels", item.Labels);
        if (item is VirtualService { Managers.Count: > 0 } virtualService)
        {
            json.WriteStartArray("managedFields"u8);
            foreach (var manager in virtualService.Managers)
            {
                json.WriteStartObject();
                json.WriteString("manager"u8, manager);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.Text("name", item.Name);
        json.Text("namespace", item.Namespace);
        if (owner?.Split('/', 2) is [var ownerKind, var ownerName])
        {
            json.WriteStartArray("ownerReferences"u8);
            json.WriteStartObject();
            json.WriteBoolean("controller"u8, true);
            json.WriteString("kind"u8, ownerKind);
            json.WriteString("name"u8, ownerName);
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    /// <summary>What is kept of an object's status; nothing where that is nothing.</summary>
    internal static void Status(this Utf8JsonWriter json, MeshObject item)
    {
        var hasAddresses = item is ServiceEntry { HasStatusAddresses: true };
        if (!hasAddresses && item.Conditions.Count == 0)
            return;
        json.WriteStartObject("status"u8);
        if (hasAddresses)
        {
            // That istiod gave addresses counts, not which.
            json.WriteStartArray("addresses"u8);
            json.WriteStartObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartArray("conditions"u8);
        foreach (var condition in item.Conditions)
        {
            json.WriteStartObject();
            json.Text("message", condition.Message);
            json.Text("reason", condition.Reason);
            json.Text("status", condition.Status);
            json.Text("type", condition.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void Text(this Utf8JsonWriter json, string name, string? text, string? otherwise = "")
    {
        if (text is not null && text != otherwise)
            json.WriteString(name, text);
    }

    internal static void Flag(this Utf8JsonWriter json, string name, bool flag, bool otherwise = false)
    {
        if (flag != otherwise)
            json.WriteBoolean(name, flag);
    }

    internal static void Number(this Utf8JsonWriter json, string name, long? number, long? otherwise = 0)
    {
        if (number is { } value && value != otherwise)
            json.WriteNumber(name, value);
    }

    /// <summary>A duration in seconds, as the JSON of a protobuf duration.</summary>
    internal static void Duration(this Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } value)
            json.WriteString(name, ((decimal)value.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s");
    }

    internal static void Texts(this Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    internal static void Labels(this Utf8JsonWriter json, string name, LabelSet labels)
    {
        if (labels.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (var (key, value) in labels)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}
