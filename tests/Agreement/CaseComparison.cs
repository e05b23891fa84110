using System.Text.Json;

namespace VoiceCore.Istio.Agreement;

/// <summary>Collects what one case says, field by field, and what Core says.</summary>
internal sealed class CaseComparison(string family)
{
    private readonly List<FieldComparison> _fields = [];

    /// <summary>The case's id, for the report.</summary>
    internal string CaseId { get; set; } = "";

    internal string Family { get; } = family;

    internal IReadOnlyList<FieldComparison> Fields => _fields;

    /// <summary>Compares one answer. <paramref name="where"/> says which one within the case.</summary>
    internal void Add(string field, string where, object? istio, object? core)
    {
        var (left, right) = (Text(istio), Text(core));
        _fields.Add(new(field, $"{CaseId} {where}", left == right, left, right));
    }

    /// <summary>Compares what both found in one object. <paramref name="reason"/> says why they may differ; null where nothing does.</summary>
    internal void AddFinding(string code, string subject, string theirs, string ours, string? reason) =>
        _fields.Add(new(code, $"{CaseId} {subject}", theirs.Length == 0 == (ours.Length == 0), theirs.Length == 0 ? "nothing" : theirs, ours.Length == 0 ? "nothing" : ours) { Reason = reason });

    private static string Text(object? value) => value switch
    {
        null => "-",
        string text => text,
        JsonElement json => json.ToString(),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

/// <summary>One answer of Istio beside Core's.</summary>
internal sealed record FieldComparison(string Field, string Where, bool Agrees, string Istio, string Core)
{
    /// <summary>Why Core's answer is meant to differ; null where it is not.</summary>
    internal string? Reason { get; init; }
}
