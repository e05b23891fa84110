using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Commands.Install;

/// <summary>A cmdlet that needs istioctl beside the cluster.</summary>
public abstract class IstioctlCmdlet : KubernetesCmdlet
{
    /// <summary>The istioctl program; by default the one on <c>PATH</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IstioctlPath { get; set; }

    /// <summary>What answers for istioctl.</summary>
    protected IIstioctl Istioctl() => IstioctlSource()();

    /// <summary>Looks for what answers for istioctl, from whatever thread.</summary>
    protected Func<IIstioctl> IstioctlSource()
    {
        var path = IstioctlPath is null ? null : ResolvePath(IstioctlPath);
        var connection = Api.Connection;
        return () => IstioctlFactory.Create(path, connection, SandboxIstioctl.Create);
    }

    /// <summary>Carries something out and writes what was done, or the error of what failed.</summary>
    protected void WriteSteps(Func<IActivityLog, CancellationToken, IAsyncEnumerable<MeshStep>> work)
    {
        foreach (var step in Stream(work))
        {
            if (step.Error is not null)
                WriteError(step.Error);
            else
                WriteObject(step.Row);
        }
    }
}
