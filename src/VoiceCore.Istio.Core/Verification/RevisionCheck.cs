using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>Whether tags and namespaces name revisions that are there, and what runs is of them: pure.</summary>
internal static class RevisionCheck
{
    /// <summary>One check for each tag that a webhook serves.</summary>
    internal static IEnumerable<InstallationCheck> Tags(MeshSnapshot snapshot, IReadOnlyList<InstalledControlPlane> controlPlanes) =>
        from configuration in snapshot.Webhooks
        let tag = configuration.Labels[IstioNames.Tag]
        where configuration.IsMutating && tag is not null && WebhookCheck.IsIstios(configuration)
        let revision = configuration.Labels[IstioNames.Revision] ?? ""
        select controlPlanes.Any(item => item.Revision == revision)
            ? InstallationCheck.Ok(InstallationAspect.Revision, $"Tag {tag}", $"Names revision {revision}.")
            : InstallationCheck.Failed(
                InstallationAspect.Revision, $"Tag {tag}",
                $"Names revision {revision}, which is not installed: pods of its namespaces are refused. Move the tag to an installed revision, or remove it.");

    /// <summary>One check for each namespace that asks for sidecars, or in which pods have them.</summary>
    internal static IEnumerable<InstallationCheck> Namespaces(MeshSnapshot snapshot)
    {
        foreach (var rows in new InjectionReport(snapshot).Rows().GroupBy(row => row.Namespace))
        {
            var relevant = rows.Where(row => row.State != InjectionState.NotInjected).ToArray();
            if (relevant.Length == 0)
                continue;
            var name = $"Namespace {rows.Key}";
            var bad = relevant.Where(row => row.State != InjectionState.Injected).ToArray();
            yield return bad.Length == 0
                ? InstallationCheck.Ok(InstallationAspect.Revision, name, $"Revision {string.Join(", ", relevant.Select(row => row.Revision).Distinct())}.")
                : InstallationCheck.Failed(InstallationAspect.Revision, name, string.Join(' ', bad.Take(3).Select(Text)) + (bad.Length > 3 ? $" And {bad.Length - 3} more." : ""));
        }
    }

    private static string Text(MeshInjection row) =>
        $"{(row.Workload.Length > 0 ? row.Workload + ": " : "")}{row.Reason}{(row.Fix.Length > 0 ? $" Fix: {row.Fix}" : "")}";
}
