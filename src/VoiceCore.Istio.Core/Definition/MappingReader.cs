using System.Globalization;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// Reads one mapping of a definition by its keys. Every problem is reported and reading goes on: a value that cannot be used counts as not
/// stated. What has not been asked for by the time of <see cref="End"/> is unknown.
/// </summary>
internal sealed class MappingReader
{
    private static readonly HashSet<string> RetiredComponents =
        new(["citadel", "pilot", "galley", "mixer", "policy", "telemetry", "sidecarInjector", "nodeAgent"], StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, (YamlScalar Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly DocumentProblems _problems;
    private readonly YamlNode _node;
    private readonly string _path;

    internal MappingReader(YamlMapping node, string path, DocumentProblems problems)
    {
        _node = node;
        _path = path;
        _problems = problems;
        foreach (var (key, value) in node.Entries)
        {
            if (!_entries.TryAdd(key.Text, (key, value)))
                problems.Report(DocumentFindings.Duplicate, key, PathOf(key.Text), key.Text, _entries[key.Text].Key.Line);
        }

        foreach (var (name, entry) in _entries)
            problems.Remember(PathOf(name), entry.Key);
    }

    /// <summary>The names of the keys, for a mapping from names to parts.</summary>
    internal IEnumerable<string> Keys => _entries.Keys.ToList();

    /// <summary>Reads a whole mapping: what <paramref name="read"/> did not ask for is reported as unknown.</summary>
    internal static T Ended<T>(MappingReader reader, Func<MappingReader, T> read)
    {
        var result = read(reader);
        reader.End();
        return result;
    }

    internal string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    internal string? Text(string key, TextRule rule) =>
        Value(key) is { } value && Scalar(key, value, "a text") is { } scalar ? Accept(PathOf(key), scalar, rule) : null;

    internal string RequiredText(string key, TextRule rule)
    {
        Require(key, rule.Expected);
        return Text(key, rule) ?? "";
    }

    internal int? Integer(string key, int minimum, int maximum) =>
        Number(key, "a whole number", minimum, maximum, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    internal int RequiredInteger(string key, int minimum, int maximum)
    {
        Require(key, ValueText.Range("a whole number", minimum, maximum));
        return Integer(key, minimum, maximum) ?? minimum;
    }

    internal double? Number(string key, double minimum, double maximum) =>
        Number(key, "a number", minimum, maximum, text =>
            double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? number
                : null);

    internal bool? Boolean(string key)
    {
        if (Value(key) is not { } value)
            return null;
        if (value is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar)
            return scalar.Text == "true";
        return WrongType<bool>(key, value, "true or false");
    }

    internal TimeSpan? Duration(string key, TimeSpan minimum, TimeSpan maximum)
    {
        const string Expected = "a duration such as '30s', '1m30s' or '2160h'";
        if (Value(key) is not { } value || Scalar(key, value, Expected) is not { } scalar)
            return null;
        if (MeshDuration.TryParse(scalar.Text) is not { } duration)
            return WrongType<TimeSpan>(key, value, Expected);
        if (duration >= minimum && duration <= maximum)
            return duration;

        _problems.Report(
            DocumentFindings.InvalidValue, value, PathOf(key), PathOf(key), scalar.Text,
            $"a duration from {MeshDuration.Format(minimum)} to {MeshDuration.Format(maximum)}");
        return null;
    }

    internal TimeSpan RequiredDuration(string key, TimeSpan minimum, TimeSpan maximum)
    {
        Require(key, "a duration such as '30s'");
        return Duration(key, minimum, maximum) ?? minimum;
    }

    internal T? Choice<T>(string key)
        where T : struct, Enum
    {
        if (Value(key) is not { } value || Scalar(key, value, "a text") is not { } scalar)
            return null;
        if (EnumText.TryParse<T>(scalar.Text) is { } choice)
            return choice;

        _problems.Report(
            DocumentFindings.InvalidValue, value, PathOf(key), PathOf(key), scalar.Text, $"one of {EnumText.Choices<T>()}");
        return null;
    }

    internal T RequiredChoice<T>(string key)
        where T : struct, Enum
    {
        Require(key, $"one of {EnumText.Choices<T>()}");
        return Choice<T>(key) ?? default;
    }

    internal IReadOnlyList<string>? Texts(string key, TextRule rule)
    {
        if (Value(key) is not { } value)
            return null;
        if (value is not YamlSequence sequence)
        {
            ReportWrongType(key, value, "a list");
            return null;
        }

        var seen = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var item = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            _problems.Remember(PathOf(item), sequence.Items[i]);
            if (Scalar(item, sequence.Items[i], "a text") is not { } scalar || Accept(PathOf(item), scalar, rule) is not { } text)
                continue;
            if (!seen.TryAdd(text, scalar))
                _problems.Report(DocumentFindings.Duplicate, scalar, PathOf(item), text, seen[text].Line);
        }

        return [.. seen.Keys];
    }

    internal MappingReader? Mapping(string key)
    {
        if (Value(key) is not { } value)
            return null;
        if (value is YamlMapping mapping)
            return new MappingReader(mapping, PathOf(key), _problems);

        ReportWrongType(key, value, "a mapping");
        return null;
    }

    internal MappingReader? RequiredMapping(string key, string expected)
    {
        Require(key, expected);
        return Mapping(key);
    }

    /// <summary>Whether a key itself is as <paramref name="rule"/> says; reports it where it is not.</summary>
    internal bool AcceptKey(string key, TextRule rule) => Accept(PathOf(key), _entries[key].Key, rule) is not null;

    internal bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>Reports a problem with the value of a key.</summary>
    internal void Report(FindingRule rule, string key, params object?[] values) =>
        _problems.Report(rule, _entries.TryGetValue(key, out var entry) ? entry.Key : _node, PathOf(key), values);

    /// <summary>Reports every key that nobody asked for.</summary>
    internal void End()
    {
        foreach (var (name, (key, _)) in _entries)
        {
            if (_known.Contains(name))
                continue;
            if (RetiredComponents.Contains(name))
            {
                _problems.Report(DocumentFindings.RetiredComponent, key, PathOf(name), name);
                continue;
            }

            var nearest = NearestName.Find(name, _known.Where(known => !_entries.ContainsKey(known)));
            _problems.Report(
                DocumentFindings.UnknownKey, key, PathOf(name), name,
                nearest is null ? "" : $" Did you mean '{nearest}'?",
                string.Join(", ", _known));
        }
    }

    private YamlNode? Value(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    private void Require(string key, string expected)
    {
        if (Value(key) is null)
            _problems.Report(DocumentFindings.MissingKey, _node, PathOf(key), PathOf(key), expected);
    }

    private YamlScalar? Scalar(string key, YamlNode value, string expected)
    {
        if (value is YamlScalar { IsNull: false } scalar)
            return scalar;
        ReportWrongType(key, value, expected);
        return null;
    }

    private string? Accept(string path, YamlScalar scalar, TextRule rule)
    {
        if (rule.Accepts(scalar.Text))
            return scalar.Text;
        _problems.Report(DocumentFindings.InvalidValue, scalar, path, path, ValueText.Shorten(scalar.Text), rule.Expected);
        return null;
    }

    private T? Number<T>(string key, string expected, T minimum, T maximum, Func<string, T?> parse)
        where T : struct, IComparable<T>
    {
        if (Value(key) is not { } value)
            return null;
        if (value is not YamlScalar { IsPlain: true } scalar || parse(scalar.Text) is not { } number)
            return WrongType<T>(key, value, expected);
        if (number.CompareTo(minimum) >= 0 && number.CompareTo(maximum) <= 0)
            return number;

        _problems.Report(DocumentFindings.InvalidValue, value, PathOf(key), PathOf(key), scalar.Text, ValueText.Range(expected, minimum, maximum));
        return null;
    }

    private T? WrongType<T>(string key, YamlNode value, string expected)
        where T : struct
    {
        ReportWrongType(key, value, expected);
        return null;
    }

    private void ReportWrongType(string key, YamlNode value, string expected) =>
        _problems.Report(DocumentFindings.WrongType, value, PathOf(key), PathOf(key), ValueText.Describe(value), expected);
}
