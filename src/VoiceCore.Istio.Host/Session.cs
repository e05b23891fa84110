using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace VoiceCore.Istio.Host;

/// <summary>One run of the engine: the module imported, one script or command, one exit code.</summary>
internal sealed class Session : IDisposable
{
    private const int Failed = 1;

    private readonly ConsoleHost _host;
    private readonly Runspace _runspace;
    private readonly Lock _gate = new();
    private Pipeline? _running;

    internal Session(bool interactive)
    {
        _host = new ConsoleHost(interactive);
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
    }

    /// <summary>Stops what runs, as Ctrl+C does in a console.</summary>
    internal void Stop()
    {
        lock (_gate)
            _running?.StopAsync();
    }

    internal bool ImportModule(string manifest)
    {
        var import = new Command("Import-Module");
        import.Parameters.Add("Name", manifest);
        return Invoke(import) is { } error ? Report(error) : _host.ExitCode is null;
    }

    /// <summary>Runs a script in the global scope; its <c>exit</c> gives the exit code, an error that ends it gives 1.</summary>
    internal int RunFile(string path, IReadOnlyList<ScriptArgument> arguments)
    {
        // The engine ends only the script at its 'exit', leaves the code in $LASTEXITCODE and, if it is not 0, sets $? to false.
        var script = $". {ScriptArgument.Quote(path)} {string.Join(' ', arguments.Select(argument => argument.ToScript()))}";
        return Run(script, () => _runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? ?? Failed);
    }

    /// <summary>Runs text; the exit code is that of <c>exit</c>, else 1 if the last command failed (<c>$?</c>), else 0.</summary>
    internal int RunCommand(string text) => Run(text, () => Failed);

    private int Run(string text, Func<int> codeOfFailure)
    {
        // '$?' has to be looked at inside the script: the formatter behind it has its own success.
        var script = new Command(text + "\n$Host.PrivateData.LastCommandSucceeded = $?", isScript: true, useLocalScope: false);
        if (Invoke(script) is { } error && !Report(error))
            return Failed;
        return _host.ExitCode ?? (_host.Data.LastCommandSucceeded ? 0 : codeOfFailure());
    }

    public void Dispose() => _runspace.Dispose();

    private RuntimeException? Invoke(Command command)
    {
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);

        // Everything goes where an interactive session would show it: through the formatter to the host, errors included.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");

        lock (_gate)
            _running = pipeline;
        try
        {
            pipeline.Invoke();
            return null;
        }
        catch (RuntimeException error)
        {
            return error;
        }
        finally
        {
            lock (_gate)
                _running = null;
        }
    }

    // False: the run failed. A pipeline that was stopped has said enough.
    private bool Report(RuntimeException error)
    {
        if (error is PipelineStoppedException)
            return _host.ExitCode is not null;
        var record = error.ErrorRecord;
        var command = record.InvocationInfo?.MyCommand?.Name;
        _host.UI.WriteErrorLine($"{(command is null ? "" : command + ": ")}{record.ErrorDetails?.Message ?? record.Exception.Message}");
        return false;
    }
}
