using System.Text.Json;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of traffic: what each client's proxy is told, and what each server's proxy takes.</summary>
internal static class TrafficCases
{
    internal static void Compare(string line, CaseComparison comparison)
    {
        using var document = JsonDocument.Parse(line);
        comparison.CaseId = document.RootElement.GetProperty("id").GetString()!;
        var snapshot = CaseSnapshot.Read(document.RootElement);
        comparison.Add("pods read", "", document.RootElement.GetProperty("answers").GetProperty("servers").EnumerateObject().Count(), snapshot.Pods.Count(pod => pod.HasSidecar));
    }
}
