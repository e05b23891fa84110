using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace VoiceCore.Istio.Host;

/// <summary>The PowerShell host over this process's console. Remembers the exit code that a script's <c>exit</c> asks for.</summary>
internal sealed class ConsoleHost : PSHost
{
    internal ConsoleHost(bool interactive)
    {
        UI = new ConsoleUserInterface(interactive);
    }

    /// <summary>The code of <c>exit</c>; null as long as nothing asked to exit.</summary>
    internal int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "VoiceCore.Istio.Host";

    public override PSHostUserInterface UI { get; }

    public override Version Version => typeof(ConsoleHost).Assembly.GetName().Version!;

    /// <summary>What scripts see as <c>$Host.PrivateData</c>.</summary>
    internal HostData Data { get; } = new();

    public override PSObject PrivateData => PSObject.AsPSObject(Data);

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host has no nested prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This host has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
