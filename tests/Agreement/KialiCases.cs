using System.Text.Json;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of Kiali's validations: one checker looks at one object, in surroundings that the case states.</summary>
internal static class KialiCases
{
    internal static CaseComparison Compare(JsonElement item, string folder, UnsharedCodes unshared)
    {
        var comparison = new CaseComparison("kiali") { CaseId = item.GetProperty("id").GetString()! };
        var checker = Text(item, "checker") ?? "";
        var rules = KialiScope.Rules(KialiScope.Codes(checker));
        var needs = Field(item, "needsMtls");
        if (needs is null && Field(item, "expected") is null)
            return comparison;
        var subject = Field(item, "object") is { } given ? $"{Text(given, "kind")} {Text(given, "namespace")}/{Text(given, "name")}" : null;
        var expected = needs is { } policies
            ? policies.EnumerateObject().Where(policy => policy.Value.GetBoolean()).Select(policy => ("KIA0105", policy.Name)).ToArray()
            : Items(item, "expected").Select(check => (Text(check, "code")!, subject ?? "")).ToArray();
        // Which objects a namespace sees is no finding.
        if (KialiScope.Codes(checker).Count == 0 && expected.Length == 0)
            return comparison;
        var mesh = Snapshot(item, folder, needs is null).Build();
        var findings = MeshCheck.Run(mesh);
        // Policies of that list lie in one namespace and are known by name.
        if (needs is not null)
            findings = findings.Select(finding => finding with { Subject = finding.Subject!.Split('/')[^1] }).ToArray();
        else if (subject is not null)
            findings = findings.Where(finding => finding.Subject == subject).ToArray();
        FindingCases.Add(comparison, rules, "KIA", expected, mesh, findings, checker, unshared);
        return comparison;
    }

    private static FindingSnapshot Snapshot(JsonElement item, string folder, bool autoMtlsOtherwise)
    {
        var snapshot = new FindingSnapshot();
        foreach (var file in Items(item, "files"))
            snapshot.AddFile(folder, file.GetString()!);
        var context = Field(item, "context");
        var autoMtls = Field(Field(item, "options"), "autoMtls")?.GetBoolean() ?? autoMtlsOtherwise;
        snapshot.AddMeshConfig($"{{\"enableAutoMtls\": {(autoMtls ? "true" : "false")}, \"rootNamespace\": \"{Text(context, "rootNamespace") ?? "istio-system"}\"}}");
        foreach (var name in Items(context, "namespaces").Select(name => name.GetString()!))
            snapshot.Add(Object("v1", "Namespace", null, name));
        foreach (var service in Items(context, "services"))
            snapshot.Add(Object("v1", "Service", Text(service, "namespace"), Text(service, "name")!, new { selector = Field(service, "selector") }));
        var count = 0;
        foreach (var workload in Items(context, "workloads"))
            snapshot.Add(Object("v1", "Pod", Text(workload, "namespace"), $"{Text(workload, "name")}-{count++}", new { }, Field(workload, "labels")));
        foreach (var gateway in Items(context, "gateways").Select(name => name.GetString()!.Split('/')))
            snapshot.Add(Object("networking.istio.io/v1", "Gateway", gateway.Length > 1 ? gateway[0] : Text(Field(item, "object"), "namespace"), gateway[^1], new { }));
        return snapshot;
    }

    private static object Object(string apiVersion, string kind, string? @namespace, string name, object? spec = null, JsonElement? labels = null) =>
        new { apiVersion, kind, metadata = new { @namespace, name, labels }, spec };

    private static JsonElement? Field(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private static string? Text(JsonElement? json, string name) => Field(json, name)?.GetString();

    private static JsonElement.ArrayEnumerator Items(JsonElement? json, string name) => Field(json, name) is { } list ? list.EnumerateArray() : default;
}
