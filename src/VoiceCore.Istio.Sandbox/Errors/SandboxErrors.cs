using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Sandbox.Errors;

/// <summary>The errors of starting and stopping sandboxes, each made in one place.</summary>
public static class SandboxErrors
{
    /// <summary>No sandbox of that name runs in this process.</summary>
    public static MeshException NotFound(string name) => Error(nameof(SandboxText.SandboxNotFound), MeshErrorCategory.ObjectNotFound, name, null, name);

    internal static MeshException Exists(string name, string kubeconfig) =>
        Error(nameof(SandboxText.SandboxExists), MeshErrorCategory.ResourceExists, name, null, name, kubeconfig);

    internal static MeshException KubeconfigForeign(string path, Exception? inner = null) =>
        Error(nameof(SandboxText.SandboxKubeconfigForeign), MeshErrorCategory.ResourceExists, path, inner, path);

    internal static MeshException KubeconfigNotWritten(string path, Exception inner) =>
        Error(nameof(SandboxText.SandboxKubeconfigNotWritten), MeshErrorCategory.WriteError, path, inner, path, MeshException.Sentence(inner.Message));

    internal static MeshException VersionInvalid(string version) =>
        Error(nameof(SandboxText.SandboxVersionInvalid), MeshErrorCategory.InvalidArgument, version, null, version);

    private static MeshException Error(string id, MeshErrorCategory category, object target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(SandboxText.ResourceManager, id, category, target, inner, arguments);
}
