using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>Decides, once, what answers for istioctl.</summary>
public static class IstioctlFactory
{
    /// <summary>
    /// The sandbox's own where the connection carries the sandbox's mark, else the istioctl program: <paramref name="path"/>, or the
    /// one on <c>PATH</c>. Without a connection only rendering works.
    /// </summary>
    /// <exception cref="MeshException">IstioctlNotFound.</exception>
    public static IIstioctl Create(string? path, ClusterConnection? connection, Func<ClusterConnection, IIstioctl> sandbox)
    {
        if (connection is { IsSandbox: true })
            return sandbox(connection);
        var name = path ?? "istioctl";
        return new ProcessIstioctl(ProgramFinder.Find(name) ?? throw IstioctlErrors.NotFound(name), connection);
    }
}
