using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

/// <summary>A cmdlet that judges services, port by port, for all clients or for some.</summary>
public abstract class ServiceVerdictCmdlet : MeshStateCmdlet
{
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

    /// <summary>The services that were asked for.</summary>
    protected IEnumerable<ServiceRecord> Services(MeshSnapshot snapshot) =>
        snapshot.Services.Where(service => IsLike(service.Name, Service) && IsLike(service.Namespace, Namespace));

    /// <summary>True for a port that was asked for.</summary>
    protected bool IsAsked(int port) => Port.Length == 0 || Port.Contains(port);

    /// <summary>The clients that were asked for; null where none were named.</summary>
    protected Func<MeshClient, bool>? ClientFilter() => Client is not { } patterns
        ? null
        : client => IsLike(client.Namespace, patterns) || client.Pods.Any(pod => IsLike(pod.Key, patterns));
}
