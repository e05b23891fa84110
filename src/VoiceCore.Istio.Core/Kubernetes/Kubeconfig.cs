using k8s.KubeConfigModels;
using VoiceCore.Istio.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>A context of the kubeconfig, for people who choose one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cluster">The name of the cluster entry.</param>
/// <param name="Server">The API server's address as written; null where the cluster entry is missing.</param>
/// <param name="User">The name of the user entry.</param>
/// <param name="Namespace">The default namespace.</param>
public sealed record KubeconfigContext(string Name, string? Cluster, string? Server, string? User, string? Namespace);

/// <summary>
/// One or several kubeconfig files, merged by kubectl's rule: the first file that sets a value or holds an entry of a name wins
/// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
/// Read only: nothing here writes a kubeconfig.
/// </summary>
public sealed class Kubeconfig
{
    // Real ones have kilobytes; with hundreds of clusters and their certificates, a few megabytes.
    private const long LargestFile = 16 * 1024 * 1024;

    private static readonly Lazy<IDeserializer> Reader = new(() => new DeserializerBuilder()
        .WithTypeMapping<ClusterEndpoint, ProxiedClusterEndpoint>()
        .WithTypeMapping<UserCredentials, FileUserCredentials>()
        .IgnoreUnmatchedProperties()
        .Build());

    private readonly Dictionary<string, (Context Entry, string File)> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Cluster Entry, string File)> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (User Entry, string File)> _users = new(StringComparer.Ordinal);

    private Kubeconfig(IReadOnlyList<string> paths)
    {
        Paths = paths;
        foreach (var path in paths)
            Merge(Read(path), path);
    }

    /// <summary>The files that were read, in the order of precedence.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The current context; null where no file sets one.</summary>
    public string? CurrentContext { get; private set; }

    /// <summary>The contexts in the order of the files.</summary>
    public IEnumerable<KubeconfigContext> Contexts => _contexts.Values.Select(context => new KubeconfigContext(
        context.Entry.Name,
        context.Entry.ContextDetails?.Cluster,
        Find(_clusters, context.Entry.ContextDetails?.Cluster)?.Entry.ClusterEndpoint?.Server,
        context.Entry.ContextDetails?.User,
        context.Entry.ContextDetails?.Namespace));

    /// <summary>
    /// Reads the files that <paramref name="kubeconfig"/> names (separated as in <c>KUBECONFIG</c>), else those of <c>KUBECONFIG</c>,
    /// else <c>~/.kube/config</c>; null where nothing is configured. As with kubectl, a file that <c>KUBECONFIG</c> names may be
    /// missing as long as another exists; a file that the caller names must exist. Relative paths of <c>KUBECONFIG</c> start at
    /// <paramref name="folder"/>, by default the folder of the process: PowerShell's location, where kubectl would be started, is another.
    /// </summary>
    /// <exception cref="MeshException">KubeconfigNotFound or KubeconfigInvalid.</exception>
    public static Kubeconfig? Load(string? kubeconfig, string? folder = null)
    {
        var named = Split(kubeconfig);
        if (named.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw KubernetesErrors.KubeconfigNotFound(missing);
        if (named.Length > 0)
            return new Kubeconfig(named);

        var fromEnvironment = Array.ConvertAll(
            Split(Environment.GetEnvironmentVariable("KUBECONFIG")), path => Path.GetFullPath(path, folder ?? Environment.CurrentDirectory));
        if (fromEnvironment.Length > 0)
        {
            var existing = fromEnvironment.Where(File.Exists).ToArray();
            return existing.Length > 0 ? new Kubeconfig(existing) : throw KubernetesErrors.KubeconfigNotFound(fromEnvironment[0]);
        }

        var path = DefaultKubeconfig.Path;
        return File.Exists(path) ? new Kubeconfig([path]) : null;
    }

    /// <summary>The entries of a context (null: of the current one), checked to be there.</summary>
    internal KubeconfigEntry Resolve(string? contextName)
    {
        var name = contextName ?? CurrentContext ?? throw KubernetesErrors.NoCurrentContext(_contexts.Keys);
        var (context, file) = Find(_contexts, name) ?? throw KubernetesErrors.ContextNotFound(name, _contexts.Keys);
        var details = context.ContextDetails ?? throw KubernetesErrors.KubeconfigInvalid(file, $"context '{name}' is empty");
        var cluster = Find(_clusters, details.Cluster)
            ?? throw KubernetesErrors.KubeconfigInvalid(file, $"context '{name}' names the cluster '{details.Cluster}', which no file has");
        var endpoint = cluster.Entry.ClusterEndpoint as ProxiedClusterEndpoint
            ?? throw KubernetesErrors.KubeconfigInvalid(cluster.File, $"cluster '{details.Cluster}' is empty");
        var user = Find(_users, details.User);
        if (user is null && !string.IsNullOrEmpty(details.User))
            throw KubernetesErrors.KubeconfigInvalid(file, $"context '{name}' names the user '{details.User}', which no file has");
        return new KubeconfigEntry(name, details, endpoint, cluster.File, user?.Entry, user?.File ?? file);
    }

    private static string[] Split(string? paths) =>
        (paths ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(path => path.Trim('"'))
        .Distinct(StringComparer.Ordinal)
        .ToArray();

    private static K8SConfiguration Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw KubernetesErrors.KubeconfigInvalid(path, "it is larger than 16 MB");
            using var text = File.OpenText(path);
            return Reader.Value.Deserialize<K8SConfiguration?>(text) ?? new K8SConfiguration();
        }
        catch (YamlException error)
        {
            throw KubernetesErrors.KubeconfigInvalid(path, $"line {error.Start.Line}, column {error.Start.Column}: {(error.InnerException ?? error).Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KubernetesErrors.KubeconfigInvalid(path, error.Message, error);
        }
    }

    private static (T Entry, string File)? Find<T>(Dictionary<string, (T Entry, string File)> entries, string? name) =>
        name is not null && entries.TryGetValue(name, out var found) ? found : null;

    private static void Merge<T>(Dictionary<string, (T Entry, string File)> known, IEnumerable<T?>? entries, Func<T, string?> name, string file)
        where T : class
    {
        foreach (var entry in (entries ?? []).OfType<T>())
        {
            if (name(entry) is { Length: > 0 } key)
                known.TryAdd(key, (entry, file));
        }
    }

    private void Merge(K8SConfiguration configuration, string file)
    {
        if (string.IsNullOrEmpty(CurrentContext) && !string.IsNullOrEmpty(configuration.CurrentContext))
            CurrentContext = configuration.CurrentContext;
        Merge(_contexts, configuration.Contexts, context => context.Name, file);
        Merge(_clusters, configuration.Clusters, cluster => cluster.Name, file);
        Merge(_users, configuration.Users, user => user.Name, file);
    }
}
