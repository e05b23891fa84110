using System.Text;
using VoiceCore.Istio.Host;

const int UsageError = 64;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var line = CommandLine.Parse(args);
if (line.Error is not null)
{
    Console.Error.WriteLine(line.Error);
    Console.Error.WriteLine(CommandLine.Usage);
    return UsageError;
}

if (line.Help)
{
    Console.Out.WriteLine(CommandLine.Usage);
    return 0;
}

if (line.File is not null && !File.Exists(line.File))
{
    // The code that pwsh gives for a script that is not there.
    Console.Error.WriteLine($"The script '{line.File}' does not exist.");
    return UsageError;
}

using var session = new Session(interactive: !line.NonInteractive);
Console.CancelKeyPress += (_, cancel) =>
{
    cancel.Cancel = true;
    session.Stop();
};
using var termination = new Termination(session.Stop);
return termination.Ended(Run());

int Run()
{
    if (line.ImportModule)
    {
        if (ModuleFile.Find() is not { } manifest)
        {
            Console.Error.WriteLine("VoiceCore.Istio.psd1 was found neither beside this program nor in a folder above it.");
            return 1;
        }

        if (!session.ImportModule(manifest))
            return 1;
    }

    return line.File is not null
        ? session.RunFile(Path.GetFullPath(line.File), line.Arguments)
        : session.RunCommand(line.Command == "-" ? Console.In.ReadToEnd() : line.Command!);
}
