using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace VoiceCore.Istio.Host;

/// <summary>
/// Writes PowerShell's streams to the console: output to standard output, everything else to standard error, so that a pipeline
/// can read the one without the other. Progress comes as lines, one for each change of its text: a log has no use for a moving bar.
/// </summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    // Colours are for a person's terminal, not for a file or a log (https://no-color.org).
    // A console of Windows shows the sequences of colours as text until a program has switched it over.
    private static readonly bool NoColor = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || OperatingSystem.IsWindows();
    private static readonly bool PlainOutput = NoColor || Console.IsOutputRedirected;
    private static readonly bool PlainError = NoColor || Console.IsErrorRedirected;

    private readonly bool _interactive;
    private readonly Dictionary<long, string> _lastProgress = [];

    internal ConsoleUserInterface(bool interactive)
    {
        _interactive = interactive;
    }

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUserInterface();

    public override bool SupportsVirtualTerminal => !PlainOutput;

    public override void Write(string value) => Console.Out.Write(Text(value, PlainOutput));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Console.Out.Write(Text(value, PlainOutput));

    public override void WriteLine(string value) => Console.Out.WriteLine(Text(value, PlainOutput));

    public override void WriteErrorLine(string value) => Console.Error.WriteLine(Text(value, PlainError));

    public override void WriteDebugLine(string message) => Console.Error.WriteLine("DEBUG: " + message);

    public override void WriteVerboseLine(string message) => Console.Error.WriteLine("VERBOSE: " + message);

    public override void WriteWarningLine(string message) => Console.Error.WriteLine("WARNING: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _lastProgress.Remove(record.ActivityId);
            return;
        }

        var text = $"{record.Activity}: {record.StatusDescription}";
        if (_lastProgress.TryGetValue(record.ActivityId, out var last) && last == text)
            return;
        _lastProgress[record.ActivityId] = text;
        Console.Error.WriteLine(text);
    }

    public override string ReadLine() => Ask("");

    public override SecureString ReadLineAsSecureString() =>
        throw new PSNotSupportedException("This host does not read secrets: pass a credential instead.");

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        WriteHeading(caption, message);
        return descriptions.ToDictionary(field => field.Name, field => PSObject.AsPSObject(Ask(field.Name + ": ")));
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        WriteHeading(caption, message);
        var keys = choices.Select(KeyOf).ToList();
        var line = string.Join("  ", choices.Select((choice, i) => $"[{keys[i]}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}"));
        var defaultText = defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\")" : "";
        while (true)
        {
            var answer = Ask($"{line}{defaultText}: ").Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            var chosen = keys.FindIndex(key => key.Equals(answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0)
                return chosen;
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new PSNotSupportedException("This host does not ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);

    private static string Text(string value, bool plain) =>
        plain ? new StringDecorated(value).ToString(OutputRendering.PlainText) : value;

    private static void WriteHeading(string caption, string message)
    {
        foreach (var line in new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)))
            Console.Error.WriteLine(line);
    }

    // The letter behind '&' in the label, as everywhere in PowerShell; without one, the whole label.
    private static string KeyOf(ChoiceDescription choice) =>
        choice.Label.IndexOf('&', StringComparison.Ordinal) is var mark && mark >= 0 && mark < choice.Label.Length - 1
            ? choice.Label.Substring(mark + 1, 1)
            : choice.Label;

    private string Ask(string question)
    {
        if (!_interactive)
            throw new PSInvalidOperationException("This session is not interactive: it cannot ask. Answer by parameters, such as -Force or -Confirm:$false.");
        Console.Error.Write(question);
        return Console.In.ReadLine()
            ?? throw new PSInvalidOperationException("Standard input has ended: there is nobody to ask.");
    }
}
