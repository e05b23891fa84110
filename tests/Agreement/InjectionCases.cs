using System.Text.Json;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of injection: which webhooks are called for a pod, and what the injector makes of it.</summary>
internal static class InjectionCases
{
    internal static void Compare(string line, CaseComparison comparison)
    {
        using var document = JsonDocument.Parse(line);
        comparison.CaseId = document.RootElement.GetProperty("id").GetString()!;
        var reader = new MeshSnapshotReader();
        var configurations = document.RootElement.GetProperty("input").GetProperty("webhookConfigurations");
        foreach (var configuration in configurations.EnumerateArray())
            reader.AddJson(System.Text.Encoding.UTF8.GetBytes(configuration.GetRawText()), comparison.CaseId, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration");
        var resolver = new InjectionResolver(reader.Build().Webhooks);
        var index = 0;
        foreach (var pod in document.RootElement.GetProperty("answers").GetProperty("pods").EnumerateArray())
        {
            var verdict = resolver.Resolve(
                pod.GetProperty("namespace").GetString()!,
                Labels(pod, "namespaceLabels"),
                Labels(pod, "podLabels"),
                Labels(pod, "podAnnotations"),
                pod.GetProperty("hostNetwork").GetBoolean());
            var where = $"pod {index++}";
            comparison.Add("webhooks", where, Webhooks(pod), string.Join(' ', verdict.Webhooks.Select(hook => $"{hook.Configuration}/{hook.Name}/{hook.Revision}/{hook.Service}").Order(StringComparer.Ordinal)));
            comparison.Add("injector accepts", where, pod.GetProperty("injectorAccepts").GetBoolean(), verdict.InjectorAccepts);
            comparison.Add("injected", where, pod.GetProperty("injected").GetBoolean(), verdict.Injected);
        }
    }

    private static string Webhooks(JsonElement pod) => pod.GetProperty("webhooksMatched") is { ValueKind: JsonValueKind.Array } hooks
        ? string.Join(' ', hooks.EnumerateArray().Select(hook =>
            $"{Text(hook, "configuration")}/{Text(hook, "webhook")}/{Text(hook, "revision")}/{Text(hook, "service")}").Order(StringComparer.Ordinal))
        : "";

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static LabelSet Labels(JsonElement pod, string name) =>
        pod.TryGetProperty(name, out var labels) && labels.ValueKind == JsonValueKind.Object
            ? LabelSet.Create(labels.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)))
            : LabelSet.Empty;
}
