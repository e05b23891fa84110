namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of istioctl, each made in one place.</summary>
internal static class IstioctlErrors
{
    internal static MeshException NotFound(string name) =>
        Error(nameof(IstioctlText.IstioctlNotFound), MeshErrorCategory.NotInstalled, name);

    internal static MeshException NotStarted(string program, Exception inner) =>
        MeshException.FromText(IstioctlText.ResourceManager, nameof(IstioctlText.IstioctlNotStarted), MeshErrorCategory.OpenError, program, inner, program, MeshException.Sentence(inner.Message));

    internal static MeshException FilesNotWritten(string folder, Exception inner) =>
        MeshException.FromText(IstioctlText.ResourceManager, nameof(IstioctlText.IstioctlFilesNotWritten), MeshErrorCategory.WriteError, folder, inner, folder, MeshException.Sentence(inner.Message));

    internal static MeshException TooOld(string program, object version, string minimum) =>
        Error(nameof(IstioctlText.IstioctlTooOld), MeshErrorCategory.NotInstalled, program, version, minimum);

    internal static MeshException Timeout(string program, string command, TimeSpan limit, string lastWords) =>
        Error(nameof(IstioctlText.IstioctlTimeout), MeshErrorCategory.OperationTimeout, program, command, limit.TotalSeconds, lastWords);

    /// <summary>The command's own error: <paramref name="id"/> is one of those that take an exit code and a reason.</summary>
    internal static MeshException Failed(string id, string program, int exitCode, string reason) =>
        Error(id, MeshErrorCategory.InvalidResult, program, exitCode, MeshException.Sentence(reason));

    private static MeshException Error(string id, MeshErrorCategory category, string program, params object?[] arguments) =>
        MeshException.FromText(IstioctlText.ResourceManager, id, category, program, innerException: null, [program, .. arguments]);
}
