using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// What the owners of objects have decided there: codes that the annotation <c>galley.istio.io/analyze-suppress</c> lists do not count for its
/// object, with <c>*</c> none does. Source: <c>filterMessages</c> in pkg/config/analysis/local/istiod_analyze.go.
/// </summary>
internal sealed class SuppressAnnotations
{
    private readonly Dictionary<string, FindingSuppression[]> _bySubject = new(StringComparer.Ordinal);

    internal SuppressAnnotations(MeshSnapshot snapshot)
    {
        Add(snapshot.Namespaces, "Namespace");
        Add(snapshot.Services, "Service");
        Add(snapshot.Pods, "Pod");
        Add(snapshot.Deployments, "Deployment");
        foreach (var item in snapshot.IstioObjects)
            Add(item, item.ToString());
    }

    internal Finding Apply(Finding finding) =>
        finding.Subject is { } subject && _bySubject.TryGetValue(subject, out var own) && Array.Find(own, item => item.Means(finding)) is { } suppression
            ? finding with { Suppression = suppression }
            : finding;

    private void Add(IEnumerable<MeshObject> items, string kind)
    {
        foreach (var item in items)
            Add(item, $"{kind} {item.Key}");
    }

    private void Add(MeshObject item, string subject)
    {
        if (item.Annotations[IstioNames.AnalyzeSuppress] is { Length: > 0 } codes)
            _bySubject[subject] = codes.Split(',').Select(code => new FindingSuppression(code, subject, FindingText.SuppressedByAnnotation, Expires: null, Line: 0)).ToArray();
    }
}
