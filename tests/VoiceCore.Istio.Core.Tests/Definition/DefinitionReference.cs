using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>The rows of the tables in <c>docs/about_MeshDefinition.md</c>.</summary>
/// <param name="Path">The field, with NAME for a name of the author's own and WORKLOAD for everything that runs.</param>
/// <param name="Type">What it may be.</param>
/// <param name="Default">What holds without it: a value in back quotes, or words.</param>
/// <param name="Example">A value.</param>
internal sealed partial record DefinitionReference(string Path, string Type, string Default, string Example)
{
    private const string Name = "web";

    // What rules ask for beside a field.
    private static readonly (string Path, string Needs)[] Needed = [("rateLimits", "gateways"), ("rateLimits.quotas", "rateLimits.tenant")];

    internal static IReadOnlyList<DefinitionReference> All { get; } =
    [
        .. Row().Matches(File.ReadAllText(Examples.PathOf("../docs/about_MeshDefinition.md")))
            .Select(row => new DefinitionReference(row.Groups["path"].Value, row.Groups["type"].Value, row.Groups["default"].Value, row.Groups["example"].Value)),
    ];

    internal bool IsRequired => Default == "required";

    /// <summary>The value that holds without it, where the page tells one.</summary>
    internal string? DefaultValue => Quoted().Match(Default) is { Success: true } value && value.Length == Default.Length ? value.Groups[1].Value : null;

    /// <summary>The words that it may be.</summary>
    internal IReadOnlyList<string> Choices =>
        Type.StartsWith("one of ", StringComparison.Ordinal) ? [.. Quoted().Matches(Type).Select(word => word.Groups[1].Value)] : [];

    /// <summary>Where findings report it in <see cref="Document"/>.</summary>
    internal string Subject => string.Join('.', Concrete(Path).Select(step => step == "NAME" ? Name : step));

    /// <summary>A document with what is required, and with the field where <paramref name="value"/> is given.</summary>
    internal string Document(string? value) => Mapping("", Concrete(Path), value);

    private static string[] Concrete(string path) => path.Replace("WORKLOAD", "services.NAME", StringComparison.Ordinal).Split('.');

    // A mapping in flow style: the way down to the field, and beside it what is required, with its examples.
    private static string Mapping(string prefix, ReadOnlySpan<string> steps, string? value)
    {
        var next = steps[0];
        var rest = steps[1..];
        var entries = new List<string>();
        var path = prefix + next;
        if (rest.Length > 0)
            entries.Add($"{(next == "NAME" ? Name : next)}: {Mapping(path + ".", rest, value)}");
        else if (value is not null)
            entries.Add($"{next}: {value}");
        entries.AddRange(
            from row in All
            let other = string.Join('.', Concrete(row.Path))
            where other != path && (row.IsRequired || Needed.Contains((path, other)))
            where other.StartsWith(prefix, StringComparison.Ordinal) && other.IndexOf('.', prefix.Length) < 0
            select $"{other[prefix.Length..]}: {row.Example}");
        // A mesh without its root namespace is none.
        if (prefix == "namespaces.")
            entries.Add("shop: { injection: true }, istio-system: { injection: false }");

        return $"{{ {string.Join(", ", entries)} }}";
    }

    [GeneratedRegex(@"^\| `(?<path>[A-Za-z0-9.]+)` \| (?<type>[^|]+) \| (?<default>[^|]+) \| `(?<example>[^|]+)` \| [^|]+\. \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
