using System.Management.Automation;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Abstractions;

/// <summary>A cmdlet that works on a cluster: <c>-Context</c> and <c>-Kubeconfig</c>, and the client, made on first use.</summary>
public abstract class KubernetesCmdlet : MeshCmdlet
{
    private KubernetesApi? _api;
    private (string? Kubeconfig, string? Context) _apiOf;
    private (string? Kubeconfig, string? Context) _commandLine;

    /// <summary>Context of the kubeconfig; the current one by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>Path of the kubeconfig; by default what <c>KUBECONFIG</c> names, else <c>~/.kube/config</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Kubeconfig { get; set; }

    /// <summary>
    /// The client for the cluster that is asked for now: objects of the pipeline may be about different ones.
    /// A configuration of the command line that cannot be used ends the cmdlet, for no item could succeed. Only for the pipeline's thread,
    /// to which PowerShell's locations and errors belong: take it before work begins beside it.
    /// </summary>
    /// <exception cref="MeshException">The configuration that came with an object cannot be used.</exception>
    protected KubernetesApi Api
    {
        get
        {
            var asked = (Kubeconfig, Context);
            if (_api is not null && asked == _apiOf)
                return _api;
            try
            {
                var api = KubernetesApiFactory.Create(Kubeconfig is null ? null : ResolveKubeconfig(Kubeconfig), Context, SessionState.Path.CurrentFileSystemLocation.ProviderPath);
                _api?.Dispose();
                (_api, _apiOf) = (api, asked);
                return api;
            }
            catch (MeshException error) when (asked == _commandLine)
            {
                ThrowTerminating(error);
                throw;
            }
        }
    }

    /// <summary>Reads the mesh of the cluster that is asked for now.</summary>
    /// <exception cref="MeshException">The configuration that came with an object cannot be used, or the cluster does not answer.</exception>
    protected MeshSnapshot ReadCluster()
    {
        var api = Api;
        return Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(api, log, cancellationToken));
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _commandLine = (Kubeconfig, Context);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _api?.Dispose();
        base.Dispose(disposing);
    }

    // Several files may be given, separated as in KUBECONFIG.
    private string ResolveKubeconfig(string value) =>
        string.Join(Path.PathSeparator, value.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(ResolvePath));
}
