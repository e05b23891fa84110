using System.Management.Automation;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Commands.Sandbox;

/// <summary>Finds sandboxes of this process by name.</summary>
internal static class SandboxNames
{
    /// <summary>Those whose name a pattern takes, in the order of their names.</summary>
    internal static IReadOnlyList<RunningSandbox> Find(string pattern)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return RunningSandboxes.All.Where(sandbox => wildcard.IsMatch(sandbox.Name)).ToArray();
    }
}
