using System.Management.Automation;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Abstractions;

/// <summary>A cmdlet that works on a cluster: <c>-Context</c> and <c>-Kubeconfig</c>, and the client, made on first use.</summary>
public abstract class KubernetesCmdlet : MeshCmdlet
{
    private KubernetesApi? _api;

    /// <summary>Context of the kubeconfig; the current one by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>Path of the kubeconfig; by default what <c>KUBECONFIG</c> names, else <c>~/.kube/config</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Kubeconfig { get; set; }

    /// <summary>The client. A configuration that cannot be used ends the cmdlet: no item could succeed.</summary>
    protected KubernetesApi Api
    {
        get
        {
            try
            {
                return _api ??= KubernetesApiFactory.Create(Kubeconfig is null ? null : ResolveKubeconfig(Kubeconfig), Context);
            }
            catch (MeshException error)
            {
                ThrowTerminating(error);
                throw;
            }
        }
    }

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
