using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads fields of objects of Istio's API out of JSON as istiod does: numbers may be texts, durations are Go's, null is absent.
/// A value that cannot be what it should be is a <see cref="FormatException"/> that names the field.
/// </summary>
internal static class JsonFields
{
    /// <summary>The field, or null where it is absent or null.</summary>
    internal static JsonElement? Field(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"an object with '{name}' was expected, not {Describe(json)}");
        return json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    internal static JsonElement? Field(this JsonElement? json, string name) => json?.Field(name);

    internal static string? Text(this JsonElement json, string name) => json.Field(name) is not { } value ? null : ScalarText(value, name);

    internal static string Text(this JsonElement json, string name, string otherwise) => json.Text(name) ?? otherwise;

    internal static bool Flag(this JsonElement json, string name, bool otherwise = false) => json.Field(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, "true or false", value),
    };

    internal static int Number(this JsonElement json, string name, int otherwise = 0) => json.OptionalNumber(name) ?? otherwise;

    internal static int? OptionalNumber(this JsonElement json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return int.TryParse(ScalarText(value, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a whole number", value);
    }

    internal static double? OptionalDouble(this JsonElement json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return double.TryParse(ScalarText(value, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a number", value);
    }

    internal static TimeSpan? Duration(this JsonElement json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return GoDuration.TryParse(ScalarText(value, name), out var duration) ? duration : throw Wrong(name, "a duration such as 30s", value);
    }

    internal static IEnumerable<JsonElement> Items(this JsonElement? json, string name) => json is { } value ? value.Items(name) : [];

    internal static IEnumerable<JsonElement> Items(this JsonElement json, string name)
    {
        if (json.Field(name) is not { } value)
            return [];
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "a list", value);
    }

    /// <summary>The items of the list, each read; none where the field is absent.</summary>
    internal static T[] Map<T>(this JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.Field(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "a list", value);
        var items = new T[value.GetArrayLength()];
        var count = 0;
        foreach (var item in value.EnumerateArray())
            items[count++] = read(item);
        return items;
    }

    internal static IEnumerable<JsonProperty> Entries(this JsonElement json, string name)
    {
        if (json.Field(name) is not { } value)
            return [];
        return value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Wrong(name, "a mapping", value);
    }

    internal static IReadOnlyList<string> Texts(this JsonElement json, string name, StringPool pool)
    {
        var texts = new List<string>();
        foreach (var item in json.Items(name))
            texts.Add(pool.Get(ScalarText(item, name)));
        return texts.Count == 0 ? [] : texts;
    }

    /// <summary>The mapping of texts; null where the field is absent.</summary>
    internal static LabelSet? Labels(this JsonElement json, string name, StringPool pool)
    {
        if (json.Field(name) is null)
            return null;
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var entry in json.Entries(name))
            pairs.Add(new(pool.Get(entry.Name), pool.Get(ScalarText(entry.Value, entry.Name))));
        return pool.Get(LabelSet.Create(pairs));
    }

    /// <summary>The enum value that Istio writes in capitals with underscores.</summary>
    internal static T Enum<T>(this JsonElement json, string name, T otherwise, params (string Text, T Value)[] values)
    {
        if (json.Text(name) is not { } text)
            return otherwise;
        foreach (var (known, value) in values)
        {
            if (known == text)
                return value;
        }

        throw Wrong(name, $"one of {string.Join(", ", values.Select(value => value.Text))}", json.Field(name)!.Value);
    }

    private static string ScalarText(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw Wrong(name, "a single value", value),
    };

    private static FormatException Wrong(string name, string expected, JsonElement value) => new($"'{name}' must be {expected}, not {Describe(value)}");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : value.GetRawText(),
    };
}
