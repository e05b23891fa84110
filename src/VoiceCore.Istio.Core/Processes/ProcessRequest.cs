namespace VoiceCore.Istio.Core.Processes;

/// <summary>A program to run to its end.</summary>
internal sealed record ProcessRequest
{
    /// <summary>The program's full path.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments, one by one; never a command line.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables added to this process' own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder that it starts in; this process' own by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>How long it may run.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Told every line of standard output and standard error as it comes; from any thread.</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code; null where it was ended because its time was up.</param>
/// <param name="StandardOutput">Standard output, read as UTF-8.</param>
/// <param name="StandardError">Standard error, read as UTF-8.</param>
/// <param name="Truncated">True where an output was longer than <see cref="ProcessRunner.MaximumOutput"/>: its head was kept.</param>
internal sealed record ProcessResult(int? ExitCode, string StandardOutput, string StandardError, bool Truncated)
{
    /// <summary>True where the program was ended because its time was up.</summary>
    public bool TimedOut => ExitCode is null;
}
