using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>The verdicts about injection of workloads, and of namespaces without any.</summary>
internal static class InjectionVerdicts
{
    internal static VerdictSource Of(MeshSnapshot snapshot) => VerdictSource.Of(new InjectionReport(snapshot).Rows().Select(row => (
        row.Workload.Split('/', 2) is [var kind, var name] ? new VerdictSubject(kind, row.Namespace, name) : new VerdictSubject("Namespace", "", row.Namespace),
        new VerdictFact(
            "",
            [],
            row.Revision is null ? $"{row.State}" : $"{row.State} by {row.Revision}",
            [
                ("State", $"{row.State}"),
                ("Injected", $"{row.Injected}"),
                ("Revision", row.Revision),
                ("RunningRevisions", string.Join(", ", row.RunningRevisions)),
            ]))));
}
