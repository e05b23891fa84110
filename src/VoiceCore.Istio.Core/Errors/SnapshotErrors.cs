namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of reading a mesh, each made in one place.</summary>
internal static class SnapshotErrors
{
    internal static MeshException PathNotFound(string path) =>
        Error(nameof(SnapshotText.SnapshotPathNotFound), MeshErrorCategory.ObjectNotFound, path, null, path);

    internal static MeshException Empty(string path) =>
        Error(nameof(SnapshotText.SnapshotEmpty), MeshErrorCategory.ObjectNotFound, path, null, path);

    internal static MeshException FileTooLarge(string path, long megabytes) =>
        Error(nameof(SnapshotText.SnapshotFileTooLarge), MeshErrorCategory.InvalidData, path, null, path, megabytes);

    internal static MeshException FileUnreadable(string path, Exception inner) =>
        Error(nameof(SnapshotText.SnapshotFileUnreadable), MeshErrorCategory.ReadError, path, inner, path, MeshException.Sentence(inner.Message));

    internal static MeshException YamlInvalid(string source, long line, long column, Exception inner) =>
        Error(nameof(SnapshotText.SnapshotYamlInvalid), MeshErrorCategory.InvalidData, source, inner, source, line, column, MeshException.Sentence(inner.Message));

    internal static MeshException JsonInvalid(string source, Exception inner) =>
        Error(nameof(SnapshotText.SnapshotJsonInvalid), MeshErrorCategory.InvalidData, source, inner, source, MeshException.Sentence(inner.Message));

    internal static MeshException ObjectInvalid(string source, string kind, Exception inner) =>
        Error(nameof(SnapshotText.SnapshotObjectInvalid), MeshErrorCategory.InvalidData, source, inner, source, kind, inner.Message);

    internal static MeshException MeshConfigInvalid(Exception inner) =>
        Error(nameof(SnapshotText.MeshConfigInvalid), MeshErrorCategory.InvalidData, "meshConfig", inner, inner.Message);

    internal static MeshException Exists(string path) =>
        Error(nameof(SnapshotText.SnapshotExists), MeshErrorCategory.ResourceExists, path, null, path);

    internal static MeshException NotSaved(string path) =>
        Error(nameof(SnapshotText.SnapshotNotSaved), MeshErrorCategory.InvalidData, path, null, path);

    internal static MeshException VersionUnknown(string path, string version, string known) =>
        Error(nameof(SnapshotText.SnapshotVersionUnknown), MeshErrorCategory.InvalidData, path, null, path, version, known);

    internal static MeshException Damaged(string path, Exception? inner) =>
        Error(nameof(SnapshotText.SnapshotDamaged), MeshErrorCategory.InvalidData, path, inner, path);

    internal static MeshException ServerNotFound(string name) =>
        Error(nameof(SnapshotText.MeshServerNotFound), MeshErrorCategory.ObjectNotFound, name, null, name);

    internal static MeshException ServerPortNotFound(string name, int port) =>
        Error(nameof(SnapshotText.MeshServerPortNotFound), MeshErrorCategory.ObjectNotFound, name, null, name, port == 0 ? "" : $" {port}");

    internal static MeshException ServiceNotFound(string name, string[] namespaces) =>
        Error(
            nameof(SnapshotText.MeshServiceNotFound), MeshErrorCategory.ObjectNotFound, name, null,
            name, namespaces is ["*"] ? "any namespace" : $"namespace {string.Join(", ", namespaces)}");

    internal static MeshException NamespaceNotFound(string name) =>
        Error(nameof(SnapshotText.MeshNamespaceNotFound), MeshErrorCategory.ObjectNotFound, name, null, name);

    internal static MeshException WorkloadNotFound(string name) =>
        Error(nameof(SnapshotText.MeshWorkloadNotFound), MeshErrorCategory.ObjectNotFound, name, null, name);

    internal static MeshException ClientInvalid(string name) =>
        Error(nameof(SnapshotText.MeshClientInvalid), MeshErrorCategory.InvalidArgument, name, null, name);

    private static MeshException Error(string id, MeshErrorCategory category, object? target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(SnapshotText.ResourceManager, id, category, target, inner, arguments);
}
