namespace VoiceCore.Istio.Agreement;

/// <summary>Agreed and compared answers per family and field, and the first disagreements of each.</summary>
internal sealed class AgreementTable
{
    private const int ShownDisagreements = 3;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Family, string Field), Row> _rows = [];

    internal long Compared => _rows.Values.Sum(row => row.Compared);

    internal long Agreed => _rows.Values.Sum(row => row.Agreed);

    /// <summary>Disagreements for which there is a reason.</summary>
    internal long Explained => _rows.Values.Sum(row => row.Disagreements.LongCount(difference => difference.Reason is not null));

    internal long Unexplained => Compared - Agreed - Explained;

    internal void Add(CaseComparison comparison)
    {
        lock (_lock)
        {
            foreach (var field in comparison.Fields)
            {
                var key = (comparison.Family, field.Field);
                if (!_rows.TryGetValue(key, out var row))
                    _rows.Add(key, row = new Row());
                row.Compared++;
                if (field.Agrees)
                    row.Agreed++;
                else
                    row.Disagreements.Add(field);
            }
        }
    }

    /// <summary>Writes the table; the last line is <c>agreement A of B</c>.</summary>
    internal void Write(TextWriter output)
    {
        output.WriteLine($"{"FAMILY",-15} {"FIELD",-50} {"AGREED",9} {"COMPARED",9}");
        foreach (var ((family, field), row) in _rows)
        {
            output.WriteLine($"{family,-15} {field,-50} {row.Agreed,9} {row.Compared,9}");
            foreach (var difference in row.Disagreements.Where(difference => difference.Reason is null).OrderBy(difference => difference.Where, StringComparer.Ordinal).Take(ShownDisagreements))
                output.WriteLine($"  {difference.Where}: theirs {difference.Istio}, Core {difference.Core}");
            foreach (var difference in row.Disagreements.Where(difference => difference.Reason is not null).OrderBy(difference => difference.Where, StringComparer.Ordinal))
                output.WriteLine($"  {difference.Where}: theirs {difference.Istio}, Core {difference.Core}; explained: {difference.Reason}");
        }

        if (Explained > 0)
            output.WriteLine($"explained {Explained} of {Compared - Agreed} disagreements");
        output.WriteLine($"agreement {Agreed} of {Compared}");
    }

    private sealed class Row
    {
        internal long Agreed { get; set; }

        internal long Compared { get; set; }

        internal List<FieldComparison> Disagreements { get; } = [];
    }
}
