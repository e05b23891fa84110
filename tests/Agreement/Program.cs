using System.IO.Compression;
using VoiceCore.Istio.Agreement;

// Compares the answers of Core's resolution with those of Istio's own code: one family of rules per file of cases.
if (args is not [var folder] || !Directory.Exists(folder))
{
    await Console.Error.WriteLineAsync("usage: Agreement FOLDER   (a folder with traffic.jsonl.gz, authorization.jsonl.gz, injection.jsonl.gz)");
    return 2;
}

var table = new AgreementTable();
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

table.Write(Console.Out);
return table.Disagreements == 0 && table.Compared > 0 ? 0 : 1;
