using VoiceCore.Istio.Agreement;

// Compares Core's answers with those of others: what a folder holds says which (see the usage).
if (args is not [var folder] || !Directory.Exists(folder))
{
    await Console.Error.WriteLineAsync(
        "usage: Agreement FOLDER\n" +
        "  with traffic.jsonl.gz, authorization.jsonl.gz, injection.jsonl.gz: Core's resolution against Istio's own code\n" +
        "  with istio-analyze, kiali (or one of these): Core's findings against Istio's analyzers and Kiali's validations");
    return 2;
}

var table = new AgreementTable();
await OracleCases.CompareAsync(folder, table);
FindingCases.Compare(folder, table, Console.Out);
table.Write(Console.Out);
return table.Unexplained == 0 && table.Compared > 0 ? 0 : 1;
