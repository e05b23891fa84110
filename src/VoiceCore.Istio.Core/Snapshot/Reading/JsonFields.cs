using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads fields of objects of Istio's API out of JSON as istiod does: numbers may be texts, durations are Go's, null is absent.
/// A value that cannot be what it should be is a <see cref="FormatException"/> that names the field.
/// </summary>
internal static class JsonFields
{
    /// <summary>The field, or null where it is absent or null, or there is nothing that it could be in. Of a key that comes twice the last value counts.</summary>
    internal static JsonTree? Field(this JsonTree? json, string name)
    {
        if (json is null)
            return null;
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"an object with '{name}' was expected, not {Describe(json)}");
        for (var index = json.Items.Count - 1; index >= 0; index--)
        {
            if (json.Items[index] is var item && item.Name == name)
                return item.ValueKind == JsonValueKind.Null ? null : item;
        }

        return null;
    }

    internal static string? Text(this JsonTree json, string name) => json.Field(name) is not { } value ? null : ScalarText(value, name);

    internal static string Text(this JsonTree json, string name, string otherwise) => json.Text(name) ?? otherwise;

    internal static bool Flag(this JsonTree json, string name, bool otherwise = false) => json.Field(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, "true or false", value),
    };

    internal static int Number(this JsonTree json, string name, int otherwise = 0) => json.OptionalNumber(name) ?? otherwise;

    internal static int? OptionalNumber(this JsonTree json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return int.TryParse(ScalarText(value, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a whole number", value);
    }

    internal static double? OptionalDouble(this JsonTree json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return double.TryParse(ScalarText(value, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a number", value);
    }

    internal static TimeSpan? Duration(this JsonTree json, string name)
    {
        if (json.Field(name) is not { } value)
            return null;
        return GoDuration.TryParse(ScalarText(value, name), out var duration) ? duration : throw Wrong(name, "a duration such as 30s", value);
    }

    internal static IReadOnlyList<JsonTree> Items(this JsonTree? json, string name)
    {
        if (json.Field(name) is not { } value)
            return [];
        return value.ValueKind == JsonValueKind.Array ? value.Items : throw Wrong(name, "a list", value);
    }

    /// <summary>The items of the list, each read; none where the field is absent.</summary>
    internal static T[] Map<T>(this JsonTree? json, string name, Func<JsonTree, T> read)
    {
        var items = json.Items(name);
        if (items.Count == 0)
            return [];
        var values = new T[items.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = read(items[index]);
        return values;
    }

    /// <summary>The values of the mapping, each with its <see cref="JsonTree.Name"/>; none where the field is absent.</summary>
    internal static IReadOnlyList<JsonTree> Entries(this JsonTree json, string name)
    {
        if (json.Field(name) is not { } value)
            return [];
        return value.ValueKind == JsonValueKind.Object ? value.Items : throw Wrong(name, "a mapping", value);
    }

    internal static IReadOnlyList<string> Texts(this JsonTree json, string name)
    {
        var items = json.Items(name);
        if (items.Count == 0)
            return [];
        var texts = new string[items.Count];
        for (var index = 0; index < texts.Length; index++)
            texts[index] = ScalarText(items[index], name);
        return texts;
    }

    /// <summary>The mapping of texts; null where the field is absent.</summary>
    internal static LabelSet? Labels(this JsonTree json, string name, StringPool pool)
    {
        if (json.Field(name) is null)
            return null;
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var entry in json.Entries(name))
            pairs.Add(new(entry.Name, ScalarText(entry, entry.Name)));
        return pool.Get(LabelSet.Create(pairs));
    }

    /// <summary>The enum value that Istio writes in capitals with underscores.</summary>
    internal static T Enum<T>(this JsonTree json, string name, T otherwise, params (string Text, T Value)[] values)
    {
        if (json.Field(name) is not { } field)
            return otherwise;
        var text = ScalarText(field, name);
        foreach (var (known, value) in values)
        {
            if (known == text)
                return value;
        }

        throw Wrong(name, $"one of {string.Join(", ", values.Select(value => value.Text))}", field);
    }

    private static string ScalarText(JsonTree value, string name) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? value.Text : throw Wrong(name, "a single value", value);

    private static FormatException Wrong(string name, string expected, JsonTree value) => new($"'{name}' must be {expected}, not {Describe(value)}");

    private static string Describe(JsonTree value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Object => "a mapping",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"\"{value.Text}\"",
            JsonValueKind.Null => "null",
            _ => value.Text,
        };
        return text.Length > 40 ? text[..40] + "..." : text;
    }
}
