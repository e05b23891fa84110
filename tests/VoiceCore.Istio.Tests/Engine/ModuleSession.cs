using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VoiceCore.Istio.Tests.Engine;

/// <summary>
/// A runspace of the real engine with the module imported through its manifest, as a user has it.
/// Its objects come from the module's private load context: look at them through their PowerShell properties.
/// </summary>
internal sealed class ModuleSession : IDisposable
{
    private readonly Runspace _runspace;

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
        using var shell = Create(script);
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

    /// <summary>A shell for tests that start and stop a pipeline themselves.</summary>
    internal PowerShell Create(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>What a script wrote.</summary>
internal sealed record ModuleResult(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>The ids of the errors without the command's name behind the comma.</summary>
    internal IEnumerable<string> ErrorIds => Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]);

    internal ModuleResult ThrowOnError() =>
        Errors.Count == 0 ? this : throw new InvalidOperationException(string.Join(Environment.NewLine, Errors.Select(e => e.ToString())));
}
