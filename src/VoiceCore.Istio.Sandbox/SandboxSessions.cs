using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Sandbox;

/// <summary>The sandboxes of this process, by name.</summary>
public static class SandboxSessions
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);
    private static readonly SortedDictionary<string, (SandboxSession Session, MeshSandbox Sandbox)> Running = new(StringComparer.OrdinalIgnoreCase);

    static SandboxSessions() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        // The servers end with the process; what would be left are files with tokens of no use.
        foreach (var (session, _) in Running.Values)
            SandboxKubeconfig.Delete(session.Kubeconfig);
    };

    /// <summary>The running sandboxes, by name.</summary>
    public static IReadOnlyList<SandboxSession> All
    {
        get
        {
            OneAtATime.Wait();
            try
            {
                return Running.Values.Select(running => running.Session).ToArray();
            }
            finally
            {
                OneAtATime.Release();
            }
        }
    }

    /// <summary>
    /// Starts a sandbox and writes its kubeconfig: to <paramref name="kubeconfig"/>, which must not be there yet, or into a new folder that
    /// only this user may read.
    /// </summary>
    /// <exception cref="MeshException">SandboxNameTaken, SandboxKubeconfigExists, SandboxKubeconfigNotWritten or SandboxVersionInvalid.</exception>
    public static async Task<SandboxSession> StartAsync(string name, string? kubeconfig, string istioVersion, CancellationToken cancellationToken)
    {
        if (IstioVersion.TryParse(istioVersion) is null)
            throw SandboxErrors.VersionInvalid(istioVersion);
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (Running.ContainsKey(name))
                throw SandboxErrors.NameTaken(name);
            var options = new MeshSandboxOptions { ContextName = name, Facts = new Dictionary<string, string> { [SandboxIstioctl.VersionFact] = istioVersion } };
            var sandbox = await MeshSandbox.StartAsync(options, cancellationToken);
            try
            {
                var path = SandboxKubeconfig.Write(kubeconfig, sandbox.Kubeconfig);
                var session = new SandboxSession(name, path, sandbox.Server, istioVersion, TimeProvider.System.GetLocalNow());
                Running.Add(name, (session, sandbox));
                return session;
            }
            catch
            {
                await sandbox.DisposeAsync();
                throw;
            }
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>Ends a sandbox and removes its kubeconfig; false where none has that name.</summary>
    public static async Task<bool> StopAsync(string name, CancellationToken cancellationToken)
    {
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!Running.Remove(name, out var running))
                return false;
            SandboxKubeconfig.Delete(running.Session.Kubeconfig);
            await running.Sandbox.DisposeAsync();
            return true;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>The sandbox behind a session, for tests that look at its requests or order failures; null where it has ended.</summary>
    public static MeshSandbox? Find(string name) => Running.TryGetValue(name, out var running) ? running.Sandbox : null;
}
