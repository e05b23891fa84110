using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Collects what is wrong with one document, and remembers where each part of it stands.</summary>
internal sealed class DocumentProblems(string? file)
{
    private readonly Dictionary<string, YamlNode> _places = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];

    /// <summary>What was reported, in the order of the document.</summary>
    internal IReadOnlyList<Finding> Findings => [.. _findings.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column)];

    internal bool HasErrors => _findings.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>Remembers that the part at <paramref name="path"/> stands at <paramref name="node"/>.</summary>
    internal void Remember(string path, YamlNode node) => _places[path] = node;

    internal void Report(FindingRule rule, YamlNode node, string path, params object?[] values) =>
        _findings.Add(At(rule.At(path, values), node.Line, node.Column));

    /// <summary>Adds a finding of another judge, at the place of its subject: the part itself or the nearest part around it.</summary>
    internal void Add(Finding finding)
    {
        for (var path = finding.Subject ?? ""; ; path = Parent(path))
        {
            if (_places.TryGetValue(path, out var node))
            {
                _findings.Add(At(finding, node.Line, node.Column));
                return;
            }

            if (path.Length == 0)
            {
                _findings.Add(finding with { Path = file });
                return;
            }
        }
    }

    private Finding At(Finding finding, int line, int column) => finding with { Path = file, Line = line, Column = column };

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
