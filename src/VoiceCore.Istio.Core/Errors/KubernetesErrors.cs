namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of the Kubernetes client, each made in one place.</summary>
internal static class KubernetesErrors
{
    internal static MeshException NoKubeconfig(string defaultPath) =>
        Error(nameof(KubernetesText.NoKubeconfig), MeshErrorCategory.ObjectNotFound, defaultPath, null, defaultPath);

    internal static MeshException KubeconfigNotFound(string path) =>
        Error(nameof(KubernetesText.KubeconfigNotFound), MeshErrorCategory.ObjectNotFound, path, null, path);

    internal static MeshException KubeconfigInvalid(string path, string reason, Exception? inner = null) =>
        Error(nameof(KubernetesText.KubeconfigInvalid), MeshErrorCategory.InvalidData, path, inner, path, MeshException.Sentence(reason));

    internal static MeshException ContextNotFound(string context, IEnumerable<string> known) =>
        Error(nameof(KubernetesText.ContextNotFound), MeshErrorCategory.ObjectNotFound, context, null, context, Names(known));

    internal static MeshException NoCurrentContext(IEnumerable<string> known) =>
        Error(nameof(KubernetesText.NoCurrentContext), MeshErrorCategory.InvalidArgument, null, null, Names(known));

    internal static MeshException CredentialPluginFailed(string command, string user, string reason, string? hint, Exception? inner = null) =>
        Error(nameof(KubernetesText.CredentialPluginFailed), MeshErrorCategory.AuthenticationError, command, inner, command, user, MeshException.Sentence(reason), hint);

    internal static MeshException GroupUnavailable(string group, Exception? inner = null) =>
        Error(nameof(KubernetesText.GroupUnavailable), MeshErrorCategory.ResourceUnavailable, group, inner, group);

    internal static MeshException Create(string id, MeshErrorCategory category, object? target, params object?[] arguments) =>
        Error(id, category, target, null, arguments);

    internal static MeshException Error(string id, MeshErrorCategory category, object? target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(KubernetesText.ResourceManager, id, category, target, inner, arguments);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));
}
