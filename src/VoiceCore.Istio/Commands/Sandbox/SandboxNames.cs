using System.Management.Automation;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Sandbox;

namespace VoiceCore.Istio.Commands.Sandbox;

/// <summary>Sandboxes by name or pattern.</summary>
internal static class SandboxNames
{
    /// <summary>The sandboxes that match. A name without wildcards that matches none is an error, as everywhere in PowerShell.</summary>
    internal static IReadOnlyList<SandboxSession> Find(string pattern, Action<MeshException> writeError)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        var found = SandboxSessions.All.Where(session => wildcard.IsMatch(session.Name)).ToArray();
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
            writeError(SandboxErrors.NotFound(pattern));
        return found;
    }
}
