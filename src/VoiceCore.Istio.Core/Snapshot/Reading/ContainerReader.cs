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
            var (name, image, user) = ("", "", default(long?));
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("image"u8))
                    image = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("securityContext"u8))
                    user = ReadUser(ref reader);
                else if (pod.Settings is { } settings && reader.ValueTextEquals("env"u8))
                    ReadSettings(ref reader, pool, settings);
                else
                    reader.Skip();
            }

            pod.Containers.Add(new ContainerRecord(name, image, isInit) { RunAsUser = user });
        }
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
