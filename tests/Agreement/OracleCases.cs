using System.IO.Compression;

namespace VoiceCore.Istio.Agreement;

/// <summary>A folder with the answers of Istio's own code: one file of cases per family of rules, one JSON text a line.</summary>
internal static class OracleCases
{
    internal static async Task CompareAsync(string folder, AgreementTable table)
    {
        foreach (var family in CaseFamily.All)
        {
            var file = Path.Combine(folder, family.FileName);
            if (!File.Exists(file))
                continue;
            await using var content = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var lines = new StreamReader(content);
            var cases = new List<string>();
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.Length > 0)
                    cases.Add(line);
            }

            Parallel.ForEach(cases, line =>
            {
                var comparison = new CaseComparison(family.Name);
                family.Compare(line, comparison);
                table.Add(comparison);
            });
        }
    }
}
