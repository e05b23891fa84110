using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of planning, installing and uninstalling, each made in one place.</summary>
internal static class PlanningErrors
{
    internal static MeshException ImageMissing(string service) =>
        Error(nameof(PlanningText.ImageMissing), MeshErrorCategory.InvalidArgument, service, null, service);

    internal static MeshException ManifestUnreadable(int line, Exception inner) =>
        Error(nameof(PlanningText.ManifestUnreadable), MeshErrorCategory.InvalidResult, null, inner, line, MeshException.Sentence(inner.Message));

    internal static MeshException ExportUnreadable(string path, Exception inner) =>
        Error(nameof(PlanningText.ExportUnreadable), MeshErrorCategory.ReadError, path, inner, path, MeshException.Sentence(inner.Message));

    internal static MeshException Conflict(PlanRow row) =>
        Error(nameof(PlanningText.PlanConflict), MeshErrorCategory.ResourceExists, row.Object, null, row.Object, MeshException.Sentence(row.Reason ?? ""));

    internal static MeshException WaitTimeout(string subject, TimeSpan limit, string state) =>
        Error(nameof(PlanningText.WaitTimeout), MeshErrorCategory.OperationTimeout, subject, null, subject, limit.TotalSeconds, MeshException.Sentence(state));

    private static MeshException Error(string id, MeshErrorCategory category, object? target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(PlanningText.ResourceManager, id, category, target, inner, arguments);
}
