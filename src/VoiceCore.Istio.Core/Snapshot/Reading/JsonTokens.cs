using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Steps over JSON tokens for the kinds that clusters have very many of. Each method is called with the reader on a value and leaves it
/// on the value's last token.
/// </summary>
internal static class JsonTokens
{
    /// <summary>Moves to the next property of the object that the reader is in; false at its end.</summary>
    internal static bool NextProperty(ref this Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Enters the object that the current property holds; false where it is null.</summary>
    internal static bool EnterObject(ref this Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.Null => false,
            _ => throw new FormatException($"a mapping was expected, not {reader.TokenType}"),
        };
    }

    /// <summary>Enters the list that the current property holds; false where it is null.</summary>
    internal static bool EnterArray(ref this Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw new FormatException($"a list was expected, not {reader.TokenType}"),
        };
    }

    /// <summary>Moves to the next object of a list; false at the list's end.</summary>
    internal static bool NextObject(ref this Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw new FormatException($"a mapping was expected in the list, not {reader.TokenType}"),
        };
    }

    /// <summary>The current property's value as a text; null where it is null.</summary>
    internal static string? NextText(ref this Utf8JsonReader reader, StringPool pool)
    {
        reader.Read();
        return reader.CurrentText(pool);
    }

    internal static string? CurrentText(ref this Utf8JsonReader reader, StringPool pool) => reader.TokenType switch
    {
        JsonTokenType.String => pool.Get(ref reader),
        JsonTokenType.Null => null,
        JsonTokenType.Number => pool.Get(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        var other => throw new FormatException($"a single value was expected, not {other}"),
    };

    internal static bool NextFlag(ref this Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            var other => throw new FormatException($"true or false was expected, not {other}"),
        };
    }

    internal static int NextNumber(ref this Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return 0;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
            return number;
        throw new FormatException($"a whole number was expected, not {reader.TokenType}");
    }

    /// <summary>The mapping of texts that the current property holds; of keys that <paramref name="keep"/> refuses nothing is kept, and of the value of <paramref name="partly"/> what <paramref name="part"/> gives.</summary>
    internal static LabelSet NextLabels(
        ref this Utf8JsonReader reader, StringPool pool, Func<string, bool>? keep = null, string? partly = null, Func<string, string?>? part = null)
    {
        var inside = reader.EnterObject();
        var pairs = default(List<KeyValuePair<string, string>>);
        while (inside && reader.NextProperty())
        {
            var key = pool.Get(ref reader);
            if (key == partly && part is not null)
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                    reader.Skip();
                else if (part(reader.GetString()!) is { } kept)
                    (pairs ??= []).Add(new(key, pool.Get(kept)));
            }
            else if (keep is not null && !keep(key))
                reader.Skip();
            else
                (pairs ??= []).Add(new(key, reader.NextText(pool) ?? ""));
        }

        return pairs is null ? LabelSet.Empty : pool.Get(LabelSet.Create(pairs));
    }

    /// <summary>The time that the current property holds, as Kubernetes writes it; the earliest time where it is null.</summary>
    internal static DateTime NextTime(ref this Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time) && time.Kind == DateTimeKind.Utc ? time : ParseTime(reader.GetString()!);
    }

    internal static DateTime ParseTime(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"'{text}' is not a time");
}
