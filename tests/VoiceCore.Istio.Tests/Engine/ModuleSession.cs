using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VoiceCore.Istio.Tests.Engine;

/// <summary>
/// A runspace of the real engine with the module imported through its manifest, as a user has it.
/// Its objects come from the module's private load context: look at them through their PowerShell properties.
/// </summary>
internal sealed class ModuleSession : IDisposable
{
    /// <summary>How long a test waits for what happens at once where all is well.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Runspace _runspace;
    private readonly List<PowerShell> _shells = [];
    private bool _isStuck;

    internal ModuleSession(bool import = true)
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        if (import)
            Run($"Import-Module -Name '{Repository.Manifest}' -ErrorAction Stop").ThrowOnError();
    }

    /// <summary>Runs a script to its end; errors that ended it are among <see cref="ModuleResult.Errors"/>.</summary>
    internal ModuleResult Run(string script, IDictionary<string, object?>? variables = null)
    {
        foreach (var (name, value) in variables ?? new Dictionary<string, object?>())
            _runspace.SessionStateProxy.SetVariable(name, value);
        using var shell = PowerShell.Create(_runspace).AddScript(script);
        var output = new List<PSObject>();
        var terminating = new List<ErrorRecord>();
        try
        {
            output.AddRange(shell.Invoke());
        }
        catch (RuntimeException error)
        {
            terminating.Add(error.ErrorRecord);
        }

        return new ModuleResult(output, [.. shell.Streams.Error, .. terminating], [.. shell.Streams.Warning.Select(w => w.Message)]);
    }

    /// <summary>What Tab offers at the end of a line. A read that takes long serves the next press: as many are made here as a patient person would.</summary>
    internal string[] Complete(string line) => [.. Run(
        "foreach ($press in 1..10) { $found = @((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText); if ($found) { break } }\n$found",
        new Dictionary<string, object?> { ["line"] = line }).ThrowOnError().Output.Where(text => text is not null).Select(text => text.ToString())];

    /// <summary>A shell for tests that start and stop a pipeline themselves. It goes with the session.</summary>
    internal PowerShell Create(string script)
    {
        var shell = PowerShell.Create(_runspace).AddScript(script);
        _shells.Add(shell);
        return shell;
    }

    /// <summary>Stops a pipeline as Ctrl+C does. One that does not end fails the test and is left behind: to dispose of it would be to wait for it.</summary>
    internal async Task StopAsync(PowerShell shell)
    {
        _isStuck = true;
        await Task.Run(shell.Stop, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        _isStuck = false;
    }

    public void Dispose()
    {
        if (_isStuck)
            return;
        _shells.ForEach(shell => shell.Dispose());
        _runspace.Dispose();
    }
}

/// <summary>What a script wrote.</summary>
internal sealed record ModuleResult(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>The ids of the errors without the command's name behind the comma.</summary>
    internal IEnumerable<string> ErrorIds => Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]);

    internal ModuleResult ThrowOnError() =>
        Errors.Count == 0 ? this : throw new InvalidOperationException(string.Join(Environment.NewLine, Errors.Select(e => e.ToString())));
}
