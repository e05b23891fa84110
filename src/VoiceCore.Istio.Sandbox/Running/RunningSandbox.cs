namespace VoiceCore.Istio.Sandbox.Running;

/// <summary>A sandbox of this process, as people and other cmdlets see it. Holds no secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it answers.</param>
/// <param name="Context">The context of its kubeconfig.</param>
/// <param name="Server">The API server's address, on the loopback interface.</param>
/// <param name="IstioVersion">The version of Istio that it plays.</param>
/// <param name="Kubeconfig">The path of its kubeconfig, which only this user may read: it holds the token.</param>
public sealed record RunningSandbox(string Name, SandboxState State, string Context, Uri Server, string IstioVersion, string Kubeconfig);
