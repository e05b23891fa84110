using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the containers of a pod or of a Deployment's template straight from JSON tokens.</summary>
internal static class ContainerReader
{
    internal static void Read(ref Utf8JsonReader reader, StringPool pool, bool isInit, ref PodFields pod)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            var (name, image, user, ports, staysUp, isRouter) = ("", "", default(long?), LabelSet.Empty, !isInit, false);
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("image"u8))
                    image = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("securityContext"u8))
                    user = ReadUser(ref reader);
                else if (reader.ValueTextEquals("ports"u8))
                    ports = ReadPorts(ref reader, pool);
                else if (reader.ValueTextEquals("args"u8))
                    isRouter = ReadRouter(ref reader);
                else if (reader.ValueTextEquals("restartPolicy"u8))
                    staysUp |= reader.NextText(pool) == "Always";
                else if (pod.Settings is { } settings && reader.ValueTextEquals("env"u8))
                    ReadSettings(ref reader, pool, settings);
                else
                    reader.Skip();
            }

            pod.Containers.Add(new ContainerRecord(name, image, isInit) { RunAsUser = user, IsRouter = isRouter, NamedPorts = staysUp ? ports : LabelSet.Empty });
        }
    }

    private static bool ReadRouter(ref Utf8JsonReader reader)
    {
        var isRouter = false;
        if (!reader.EnterArray())
            return isRouter;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            isRouter |= reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("router"u8) || reader.ValueTextEquals("waypoint"u8));
        return isRouter;
    }

    // Of a name that comes twice the first counts.
    private static LabelSet ReadPorts(ref Utf8JsonReader reader, StringPool pool)
    {
        if (!reader.EnterArray())
            return LabelSet.Empty;
        var ports = new List<KeyValuePair<string, string>>();
        while (reader.NextObject())
        {
            var (name, number, protocol) = ("", "", "TCP");
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("containerPort"u8))
                    number = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("protocol"u8))
                    protocol = reader.NextText(pool) ?? "TCP";
                else
                    reader.Skip();
            }

            if (name.Length > 0 && protocol == "TCP" && ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !ports.Exists(port => port.Key == name))
                ports.Add(new(name, number));
        }

        return ports.Count == 0 ? LabelSet.Empty : pool.Get(LabelSet.Create(ports));
    }

    internal static long? ReadUser(ref Utf8JsonReader reader)
    {
        var user = default(long?);
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (!reader.ValueTextEquals("runAsUser"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            user = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
        }

        return user;
    }

    // Of the environment only settings that are known not to be secret, and only plain values.
    private static void ReadSettings(ref Utf8JsonReader reader, StringPool pool, List<KeyValuePair<string, string>> settings)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            var (name, value) = ("", default(string));
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (DeploymentRecord.SettingNames.Contains(name) && reader.ValueTextEquals("value"u8))
                    value = reader.NextText(pool);
                else
                    reader.Skip();
            }

            if (value is not null)
                settings.Add(new(name, value));
        }
    }
}
