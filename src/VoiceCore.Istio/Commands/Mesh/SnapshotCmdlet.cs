using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

/// <summary>A cmdlet that judges a mesh: a cluster's, or one of files.</summary>
public abstract class SnapshotCmdlet : KubernetesCmdlet
{
    /// <summary>The parameter set of a cluster.</summary>
    protected const string ClusterSet = "Cluster";

    /// <summary>The parameter set of files.</summary>
    protected const string PathSet = "Path";

    /// <summary>Services, by name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Service { get; set; } = ["*"];

    /// <summary>Namespaces of the services; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    /// <summary>Ports of the services.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>Clients, by namespace or as namespace/pod; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Client { get; set; }

    /// <summary>A file or folder of Kubernetes objects in YAML or JSON, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    public string Path { get; set; } = "";

    /// <summary>The mesh.</summary>
    protected MeshSnapshot ReadSnapshot() => ParameterSetName == PathSet
        ? MeshSnapshotReader.ReadPath(ResolvePath(Path))
        : Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(Api, log, cancellationToken));

    /// <summary>The services that were asked for.</summary>
    protected IEnumerable<ServiceRecord> Services(MeshSnapshot snapshot) =>
        snapshot.Services.Where(service => IsLike(service.Name, Service) && IsLike(service.Namespace, Namespace));

    /// <summary>True for a port that was asked for.</summary>
    protected bool IsAsked(int port) => Port.Length == 0 || Port.Contains(port);

    /// <summary>The clients that were asked for; null where none were named.</summary>
    protected Func<MeshClient, bool>? ClientFilter() => Client is not { } patterns
        ? null
        : client => IsLike(client.Namespace, patterns) || client.Pods.Any(pod => IsLike(pod.Key, patterns));

    private static bool IsLike(string text, string[] patterns) =>
        patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text));
}
