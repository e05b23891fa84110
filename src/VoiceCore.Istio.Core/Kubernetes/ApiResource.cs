namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>A resource that the cluster serves, from discovery.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">The served version that is used: the group's preferred one unless another was asked for.</param>
/// <param name="Plural">The name in the path, such as <c>destinationrules</c>.</param>
/// <param name="Kind">The kind, such as <c>DestinationRule</c>.</param>
/// <param name="Namespaced">True where objects live in namespaces.</param>
/// <param name="Verbs">What the server can do with it, such as <c>list</c> and <c>patch</c>.</param>
public sealed record ApiResource(string Group, string Version, string Plural, string Kind, bool Namespaced, IReadOnlyList<string> Verbs)
{
    /// <summary><c>v1</c> or <c>group/version</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}
