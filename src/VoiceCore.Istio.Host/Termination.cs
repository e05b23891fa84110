using System.Runtime.InteropServices;

namespace VoiceCore.Istio.Host;

/// <summary>
/// Ends the program in order where the system asks it to end: SIGTERM and SIGHUP, on Windows the end of the session or the closing of the
/// console. What runs is stopped, and what belongs to the process, such as the kubeconfig of a sandbox, goes with it.
/// From .NET 10 on the runtime does not do that by itself
/// (https://learn.microsoft.com/dotnet/core/compatibility/core-libraries/10.0/sigterm-signal-handler).
/// </summary>
internal sealed class Termination : IDisposable
{
    // Windows gives a closed console five seconds.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    // What shells give for a program that a signal has ended: 128 and the signal's number.
    private static readonly (PosixSignal Signal, int ExitCode)[] Signals = [(PosixSignal.SIGHUP, 129), (PosixSignal.SIGTERM, 143)];

    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _stop;
    private int _exitCode;

    internal Termination(Action stop)
    {
        _stop = stop;
        _registrations = Array.ConvertAll(Signals, signal => PosixSignalRegistration.Create(signal.Signal, context => End(context, signal.ExitCode)));
    }

    /// <summary>Says that the program has done its work; gives the code to exit with: its own, or that of the signal that ended it.</summary>
    internal int Ended(int exitCode)
    {
        _ended.Set();
        return Volatile.Read(ref _exitCode) is > 0 and var signal ? signal : exitCode;
    }

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void End(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        Volatile.Write(ref _exitCode, exitCode);
        _stop();
        // Windows ends the process when this returns, and some pipelines cannot be stopped: what has to be tidied up is tidied up from here.
        _ended.Wait(Grace);
        Environment.Exit(exitCode);
    }
}
