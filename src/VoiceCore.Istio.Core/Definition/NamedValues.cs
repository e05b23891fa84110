namespace VoiceCore.Istio.Core.Definition;

/// <summary>Reads mappings whose keys are names that people gave.</summary>
internal static class NamedValues
{
    /// <summary>The parts of a mapping from names to parts; each name must be as <paramref name="names"/> says.</summary>
    internal static IEnumerable<(string Name, MappingReader Part)> Parts(this MappingReader mapping, TextRule names)
    {
        foreach (var name in mapping.Keys)
        {
            var part = mapping.Mapping(name);
            if (mapping.AcceptKey(name, names) && part is not null)
                yield return (name, part);
        }
    }

    /// <summary>A mapping from names to whole numbers; empty where it is not there.</summary>
    internal static IReadOnlyDictionary<string, int> Integers(this MappingReader reader, string key, TextRule names, int minimum, int maximum) =>
        Values<int>(reader, key, names, (mapping, name) => mapping.Integer(name, minimum, maximum) is { } number ? [number] : []);

    /// <summary>A mapping from names to texts; empty where it is not there.</summary>
    internal static IReadOnlyDictionary<string, string> Texts(this MappingReader reader, string key, TextRule names, TextRule values) =>
        Values<string>(reader, key, names, (mapping, name) => mapping.Text(name, values) is { } text ? [text] : []);

    // What cannot be used has been reported and is no value.
    private static SortedDictionary<string, T> Values<T>(MappingReader reader, string key, TextRule names, Func<MappingReader, string, T[]> read)
    {
        var values = new SortedDictionary<string, T>(StringComparer.Ordinal);
        if (reader.Mapping(key) is not { } mapping)
            return values;
        foreach (var name in mapping.Keys)
        {
            if (read(mapping, name) is [var value] && mapping.AcceptKey(name, names))
                values[name] = value;
        }

        mapping.End();
        return values;
    }
}
