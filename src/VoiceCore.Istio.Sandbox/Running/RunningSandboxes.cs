using System.Globalization;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Sandbox.Errors;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Sandbox.Running;

/// <summary>The sandboxes of this process. Each ends with the process at the latest, and its kubeconfig with it. Safe for use from several threads.</summary>
public static class RunningSandboxes
{
    private const string KubeconfigVariable = "KUBECONFIG";

    private static readonly IstioVersion Oldest = new(1, 20, 0, "1.20.0");
    private static readonly SemaphoreSlim Changing = new(1, 1);
    private static readonly SortedDictionary<string, Entry> Known = new(StringComparer.OrdinalIgnoreCase);

    static RunningSandboxes() => AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveFiles();

    /// <summary>Those that run, by name.</summary>
    public static IReadOnlyList<RunningSandbox> All
    {
        get
        {
            lock (Known)
                return Known.Values.Select(entry => entry.Facts).ToArray();
        }
    }

    /// <summary>Checks what can be checked before anything is started.</summary>
    /// <exception cref="MeshException">SandboxExists, SandboxVersionInvalid or SandboxKubeconfigForeign.</exception>
    public static void Check(SandboxRequest request)
    {
        if (All.FirstOrDefault(sandbox => string.Equals(sandbox.Name, request.Name, StringComparison.OrdinalIgnoreCase)) is { } running)
            throw SandboxErrors.Exists(request.Name, running.Kubeconfig);
        if (IstioVersion.TryParse(request.IstioVersion) is not { } version || version.CompareTo(Oldest) < 0)
            throw SandboxErrors.VersionInvalid(request.IstioVersion);
        if (request.Path is not null)
            SandboxKubeconfigFile.CheckFree(request.Path);
    }

    /// <summary>Starts one and writes its kubeconfig.</summary>
    /// <exception cref="MeshException">As <see cref="Check"/>, and SandboxKubeconfigNotWritten.</exception>
    public static async Task<RunningSandbox> StartAsync(SandboxRequest request, CancellationToken cancellationToken)
    {
        await Changing.WaitAsync(cancellationToken);
        try
        {
            Check(request);
            var sandbox = await MeshSandbox.StartAsync(Options(request), cancellationToken);
            try
            {
                var file = SandboxKubeconfigFile.Write(request.Path, sandbox.Kubeconfig);
                var facts = new RunningSandbox(request.Name, SandboxState.Running, request.Name, sandbox.Server, request.IstioVersion, file.Path);
                var before = Environment.GetEnvironmentVariable(KubeconfigVariable);
                if (request.SetEnvironment)
                    Environment.SetEnvironmentVariable(KubeconfigVariable, file.Path);
                lock (Known)
                    Known[request.Name] = new Entry(facts, sandbox, file, before);
                return facts;
            }
            catch
            {
                await sandbox.DisposeAsync();
                throw;
            }
        }
        finally
        {
            Changing.Release();
        }
    }

    /// <summary>Ends one and removes its kubeconfig; where <c>KUBECONFIG</c> names that, it gets back what it named before.</summary>
    /// <exception cref="MeshException">SandboxNotFound.</exception>
    public static async Task<RunningSandbox> StopAsync(string name)
    {
        Entry? entry;
        lock (Known)
        {
            if (!Known.Remove(name, out entry))
                throw SandboxErrors.NotFound(name);
        }

        entry.File.Delete();
        if (Environment.GetEnvironmentVariable(KubeconfigVariable) == entry.File.Path)
            Environment.SetEnvironmentVariable(KubeconfigVariable, entry.Before);
        await entry.Sandbox.DisposeAsync();
        return entry.Facts with { State = SandboxState.Stopped };
    }

    /// <summary>The sandbox of a name, for tests that look at its requests or order failures; null where none runs.</summary>
    public static MeshSandbox? Find(string name)
    {
        lock (Known)
            return Known.GetValueOrDefault(name)?.Sandbox;
    }

    private static MeshSandboxOptions Options(SandboxRequest request) => new()
    {
        ContextName = request.Name,
        Facts = new Dictionary<string, string>
        {
            [SandboxIstioctl.VersionFact] = request.IstioVersion,
            ["processId"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static void RemoveFiles()
    {
        lock (Known)
        {
            foreach (var entry in Known.Values)
                entry.File.Delete();
        }
    }

    private sealed record Entry(RunningSandbox Facts, MeshSandbox Sandbox, SandboxKubeconfigFile File, string? Before);
}
