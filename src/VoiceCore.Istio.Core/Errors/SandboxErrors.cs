namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of sandboxes, each made in one place.</summary>
internal static class SandboxErrors
{
    internal static MeshException NameTaken(string name) => Error(nameof(SandboxText.SandboxNameTaken), MeshErrorCategory.ResourceExists, name);

    internal static MeshException NotFound(string name) => Error(nameof(SandboxText.SandboxNotFound), MeshErrorCategory.ObjectNotFound, name);

    internal static MeshException KubeconfigExists(string path) => Error(nameof(SandboxText.SandboxKubeconfigExists), MeshErrorCategory.ResourceExists, path);

    internal static MeshException KubeconfigNotWritten(string path, Exception inner) =>
        MeshException.FromText(SandboxText.ResourceManager, nameof(SandboxText.SandboxKubeconfigNotWritten), MeshErrorCategory.WriteError, path, inner, path, KubernetesErrors.Sentence(inner.Message));

    internal static MeshException VersionInvalid(string text) => Error(nameof(SandboxText.SandboxVersionInvalid), MeshErrorCategory.InvalidArgument, text);

    private static MeshException Error(string id, MeshErrorCategory category, string target) =>
        MeshException.FromText(SandboxText.ResourceManager, id, category, target, innerException: null, target);
}
