using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Errors;

namespace VoiceCore.Istio.Abstractions;

/// <summary>
/// What every cmdlet of the module stands on: work that can be stopped, progress that is shown on the pipeline's thread,
/// and one way from Core's exceptions to PowerShell's error records.
/// Ctrl+C calls <see cref="StopProcessing"/>; <c>Select-Object -First</c> calls only <see cref="Dispose()"/>: cleaning up belongs there.
/// </summary>
public abstract class MeshCmdlet : PSCmdlet, IDisposable
{
    private const string FileSystem = "FileSystem";

    /// <summary>How long work that was stopped may clean up before the prompt is back all the same.</summary>
    internal static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(700);

    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <summary>How many errors the cmdlet has written.</summary>
    protected int ErrorCount { get; private set; }

    /// <summary>Cancelled when the pipeline is stopped or the cmdlet is disposed.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Runs asynchronous work to its end on the pipeline's thread, showing what it tells of itself meanwhile.</summary>
    protected T Run<T>(Func<IActivityLog, CancellationToken, Task<T>> work)
    {
        using var log = new PipelineActivityLog(this);
        return Await(log, Task.Run(() => work(log, StopToken)));
    }

    /// <summary>As <see cref="Run{T}"/>, for work without a result.</summary>
    protected void Run(Func<IActivityLog, CancellationToken, Task> work) =>
        Run(async (log, cancellationToken) =>
        {
            await work(log, cancellationToken);
            return true;
        });

    /// <summary>
    /// Runs work that has nothing to wait for, such as reading files or judging a large mesh, beside the pipeline's thread:
    /// the prompt is back at once when the pipeline is stopped, and the work ends unheard.
    /// </summary>
    protected T Compute<T>(string activity, Func<T> work) => Run((log, _) =>
    {
        log.Progress(activity, "");
        return Task.FromResult(work());
    });

    /// <summary>
    /// The items of an asynchronous sequence, one by one as they come, on the pipeline's thread. Write them to the pipeline outside any
    /// <c>try</c>: an exception out of <c>WriteObject</c> belongs to PowerShell.
    /// </summary>
    protected IEnumerable<T> Stream<T>(Func<IActivityLog, CancellationToken, IAsyncEnumerable<T>> source)
    {
        using var log = new PipelineActivityLog(this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(StopToken);
        var items = source(log, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(false);
        try
        {
            while (Await(log, next = Task.Run(() => items.MoveNextAsync().AsTask())))
                yield return items.Current;
        }
        finally
        {
            // A sequence can be closed only between two steps: end the one under way first.
            stop.Cancel();
            WaitBriefly(next.ContinueWith(_ => items.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap());
        }
    }

    /// <summary>Reports a failure of one item and lets the cmdlet go on with the next.</summary>
    protected void WriteError(MeshException error)
    {
        ErrorCount++;
        WriteError(error.ToErrorRecord());
    }

    /// <summary>
    /// Runs the part of a cmdlet that reads or changes one item: a <see cref="MeshException"/> becomes a non-terminating error
    /// and false comes back. Never write to the pipeline inside <paramref name="work"/>.
    /// </summary>
    protected bool TryItem(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (MeshException error)
        {
            WriteError(error);
            return false;
        }
    }

    /// <summary>Shows findings beside the result: as warnings what needs care, the rest with <c>-Verbose</c>.</summary>
    protected void WriteFindings(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var text = $"{finding.Code} {finding.Subject}: {finding.Message}";
            if (finding.Severity >= FindingSeverity.Warning)
                WriteWarning(text);
            else
                WriteVerbose(text);
        }
    }

    /// <summary>Ends the cmdlet: nothing that it was asked to do can succeed.</summary>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    protected void ThrowTerminating(MeshException error)
    {
        ThrowTerminatingError(error.ToErrorRecord());
        throw error;
    }

    private T Await<T>(PipelineActivityLog log, Task<T> task)
    {
        try
        {
            log.ShowUntilDone(task, StopToken);
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            WaitBriefly(task);
            throw new PipelineStoppedException();
        }
    }

    // What was stopped gets a moment to clean up (a child process, a connection); the prompt is back within a second all the same.
    private static void WaitBriefly(Task task) => Task.WaitAny([task], StopGrace);

    /// <summary>A PowerShell path (with drives, <c>~</c> and relative to the current location) as a path of the file system.</summary>
    /// <exception cref="MeshException"><c>PathInvalid</c>: a drive that does not exist, or one of the registry, of certificates or the like.</exception>
    protected string ResolvePath(string path) => OfFileSystem(path, () =>
    {
        var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return (resolved, provider);
    });

    /// <summary>The definition of a file; the VoiceCore mesh where none is named.</summary>
    /// <exception cref="MeshException">The file cannot be read, or it is no valid definition.</exception>
    protected MeshDefinition LoadDefinition(string? path) => MeshDefinitionFile.Load(path is null ? null : ResolvePath(path));

    /// <summary>
    /// The files that paths mean, one after the other; a path that cannot be used is reported and left out. One without wildcards is taken as
    /// it is: that it does not exist is for Core to say.
    /// </summary>
    protected IEnumerable<string> Files(string[] paths, bool areLiteral)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths)
        {
            IEnumerable<string> files = [];
            TryItem(() => files = areLiteral || !WildcardPattern.ContainsWildcardCharacters(path) ? [ResolvePath(path)] : ExpandPath(path));
            foreach (var file in files)
                yield return file;
        }
    }

    private Collection<string> ExpandPath(string path) => OfFileSystem(path, () =>
    {
        var resolved = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
        return (resolved, provider);
    });

    private static T OfFileSystem<T>(string path, Func<(T Resolved, ProviderInfo Provider)> resolve)
    {
        try
        {
            var (resolved, provider) = resolve();
            return provider.Name == FileSystem ? resolved : throw DefinitionErrors.PathInvalid(path, $"it belongs to the provider '{provider.Name}', not to the file system.");
        }
        catch (Exception error) when (error is SessionStateException or ProviderInvocationException or PSInvalidOperationException)
        {
            throw DefinitionErrors.PathInvalid(path, error.Message, error);
        }
    }

    /// <summary>True where any of the patterns, in which wildcards are allowed, is like the text.</summary>
    protected static bool IsLike(string text, string[] patterns) =>
        Array.Exists(patterns, pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch(text));

    /// <summary>The keys and values of a hashtable as texts, whatever the keys' case; null has none.</summary>
    protected static Dictionary<string, string> Texts(Hashtable? table)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table ?? [])
            texts[Text(entry.Key)] = Text(entry.Value);
        return texts;
    }

    /// <summary>A value as text, the same on every machine.</summary>
    protected static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Of names that a person gave, those without wildcards that nothing is called.</summary>
    protected static IEnumerable<string> Missing(string[] patterns, IEnumerable<string> names)
    {
        var exact = patterns.Where(pattern => !WildcardPattern.ContainsWildcardCharacters(pattern)).ToArray();
        return exact.Length == 0 ? [] : exact.Except(names, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Frees what the cmdlet holds. Called after the end, after a stop and when a downstream command has had enough.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }
}
