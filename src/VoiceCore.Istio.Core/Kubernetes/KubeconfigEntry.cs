using k8s.KubeConfigModels;
using YamlDotNet.Serialization;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>What a context of the kubeconfig stands for.</summary>
/// <param name="Context">Its name.</param>
/// <param name="Details">The context's entry.</param>
/// <param name="Endpoint">The cluster's entry.</param>
/// <param name="EndpointFile">The file that the cluster's entry comes from: its relative paths start there.</param>
/// <param name="User">The user's entry; null where the context names none.</param>
/// <param name="UserFile">The file that the user's entry comes from.</param>
internal sealed record KubeconfigEntry(
    string Context,
    ContextDetails Details,
    ProxiedClusterEndpoint Endpoint,
    string EndpointFile,
    User? User,
    string UserFile)
{
    private const string SandboxExtension = "voicecore.io/sandbox";

    /// <summary>What the sandbox wrote beside its mark, in the context's or the cluster's extensions; null where there is no mark.</summary>
    internal IReadOnlyDictionary<string, string>? SandboxFacts
    {
        get
        {
            var mark = Extension(Details.Extensions, SandboxExtension) ?? Extension(Endpoint.Extensions, SandboxExtension);
            return mark is null
                ? null
                : ((mark.Extension as IDictionary<object, object>) ?? new Dictionary<object, object>())
                    .ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}", StringComparer.Ordinal);
        }
    }

    internal static NamedExtension? Extension(IEnumerable<NamedExtension?>? extensions, string name) =>
        extensions?.FirstOrDefault(extension => extension?.Name == name);
}

/// <summary>The cluster's entry with <c>proxy-url</c>, which KubernetesClient's model lacks.</summary>
internal sealed class ProxiedClusterEndpoint : ClusterEndpoint
{
    /// <summary>The proxy on the way to this cluster: http, https or socks5.</summary>
    [YamlMember(Alias = "proxy-url")]
    public string? ProxyUrl { get; set; }
}

/// <summary>The user's entry with <c>tokenFile</c>, which KubernetesClient's model lacks.</summary>
internal sealed class FileUserCredentials : UserCredentials
{
    /// <summary>A file whose present content is the token; goes before <c>token</c>.</summary>
    [YamlMember(Alias = "tokenFile")]
    public string? TokenFile { get; set; }
}
