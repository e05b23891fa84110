using System.Diagnostics;
using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

/// <summary>A cmdlet that judges services, port by port, for all clients or for some.</summary>
public abstract class ServiceVerdictCmdlet : MeshStateCmdlet
{
    private static readonly TimeSpan TakeFor = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    /// <summary>Services, by name, and ServiceEntries, by host; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceCompleter))]
    public string[] Service { get; set; } = ["*"];

    /// <summary>Namespaces of the services; wildcards are allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = ["*"];

    /// <summary>Ports of the services.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>Clients, by namespace or as namespace/pod; wildcards are allowed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Clients")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Client { get; set; }

    /// <summary>A workload: the services that lead to a pod of it.</summary>
    [Parameter(ValueFromPipeline = true)]
    public MeshWorkload? Workload { get; set; }

    /// <summary>The services that were asked for. A namespace that is not there is reported, and a name without wildcards that neither a service nor a ServiceEntry has is reported.</summary>
    protected IReadOnlyList<ServiceRecord> Services(MeshSnapshot snapshot)
    {
        var isKnown = HasNamespaces(snapshot, Namespace);
        ServiceRecord[] inNamespaces = [.. snapshot.Services.Where(service => IsLike(service.Namespace, Namespace))];
        foreach (var name in !isKnown ? [] : Missing(Service, inNamespaces.Select(service => service.Name).Concat(Hosts(snapshot).Select(host => host.Host))))
            WriteError(SnapshotErrors.ServiceNotFound(name, Namespace));
        return [.. inNamespaces.Where(service => IsLike(service.Name, Service) && (Workload is null || Prepared(mesh => new WorkloadServices(mesh)).LeadsTo(service, Workload)))];
    }

    /// <summary>The hosts of ServiceEntries that were asked for, by host in place of the name.</summary>
    protected IEnumerable<ServiceHost> Hosts(MeshSnapshot snapshot) =>
        Workload is not null ? [] : ServiceHost.Of(snapshot).Where(host => IsLike(host.Host, Service) && IsLike(host.Namespace, Namespace));

    /// <summary>
    /// Writes verdicts as they come. They are made beside the pipeline's thread, some at a time, for one alone may take a while over a large
    /// mesh; what a saved snapshot holds is read meanwhile, and may be found damaged.
    /// </summary>
    protected void WriteAll<T>(IEnumerable<T> verdicts)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        var next = verdicts.GetEnumerator();
        var (written, told) = (0, Stopwatch.StartNew());
        ProgressRecord? progress = null;
        for (var isMore = true; isMore;)
        {
            var some = new List<T>();
            MeshException? error = null;
            try
            {
                isMore = Run((_, _) => Task.FromResult(Take(next, some)));
            }
            catch (MeshException damaged)
            {
                (isMore, error) = (false, damaged);
            }

            WriteObject(some, enumerateCollection: true);
            if (error is not null)
                WriteError(error);
            written += some.Count;
            if (told.Elapsed < TellEvery)
                continue;
            WriteProgress(progress = new ProgressRecord(1, SnapshotText.JudgeActivity, $"{written}"));
            told.Restart();
        }

        if (progress is null)
            return;
        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }

    // False where there are no more.
    private static bool Take<T>(IEnumerator<T> items, List<T> taken)
    {
        var time = Stopwatch.StartNew();
        while (items.MoveNext())
        {
            taken.Add(items.Current);
            if (time.Elapsed > TakeFor)
                return true;
        }

        return false;
    }

    /// <summary>True for a port that was asked for.</summary>
    protected bool IsAsked(int port) => Port.Length == 0 || Port.Contains(port);

    /// <summary>The clients that were asked for; null where none were named.</summary>
    protected Func<MeshClient, bool>? ClientFilter() => Client is not { Length: > 0 } patterns
        ? null
        : client => IsLike(client.Namespace, patterns) || IsLike(client.Title, patterns) || client.Pods.Any(pod => IsLike(pod.Key, patterns));
}
