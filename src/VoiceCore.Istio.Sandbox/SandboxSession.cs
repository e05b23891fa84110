namespace VoiceCore.Istio.Sandbox;

/// <summary>A rehearsal cluster that runs in this process. It ends with <c>Stop-MeshSandbox</c>, or with the process.</summary>
/// <param name="Name">Its name, which is that of the kubeconfig's context too.</param>
/// <param name="Kubeconfig">The file that gives other cmdlets, kubectl and other processes access. It holds a token.</param>
/// <param name="Server">Where its API server listens.</param>
/// <param name="IstioVersion">The version of Istio that its istioctl installs.</param>
/// <param name="StartTime">When it was started.</param>
public sealed record SandboxSession(string Name, string Kubeconfig, Uri Server, string IstioVersion, DateTimeOffset StartTime)
{
    /// <summary>The context of the kubeconfig.</summary>
    public string Context => Name;
}
