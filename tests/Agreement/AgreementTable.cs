namespace VoiceCore.Istio.Agreement;

/// <summary>Agreed and compared answers per family and field, and the first disagreements of each.</summary>
internal sealed class AgreementTable
{
    private const int ShownDisagreements = 3;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Family, string Field), Row> _rows = [];

    internal long Compared => _rows.Values.Sum(row => row.Compared);

    internal long Disagreements => _rows.Values.Sum(row => row.Compared - row.Agreed);

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
        output.WriteLine($"{"FAMILY",-15} {"FIELD",-32} {"AGREED",9} {"COMPARED",9}");
        foreach (var ((family, field), row) in _rows)
        {
            output.WriteLine($"{family,-15} {field,-32} {row.Agreed,9} {row.Compared,9}");
            foreach (var difference in row.Disagreements.OrderBy(difference => difference.Where, StringComparer.Ordinal).Take(ShownDisagreements))
                output.WriteLine($"  {difference.Where}: Istio says {difference.Istio}, Core says {difference.Core}");
        }

        output.WriteLine($"agreement {Compared - Disagreements} of {Compared}");
    }

    private sealed class Row
    {
        internal long Agreed { get; set; }

        internal long Compared { get; set; }

        internal List<FieldComparison> Disagreements { get; } = [];
    }
}
