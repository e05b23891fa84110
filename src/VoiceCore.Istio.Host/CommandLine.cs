using System.Globalization;
using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Host;

/// <summary>
/// The command line, read as <c>pwsh</c> reads its own (about_Pwsh): <c>-File</c> takes the script and all that follows as its arguments,
/// <c>-Command</c> takes the rest of the line as one command, and a first argument without a dash is a file.
/// </summary>
internal sealed partial record CommandLine
{
    internal const string Usage = """
        Usage: voicecore-istio [-NonInteractive] [-NoModule] (-File SCRIPT [ARGUMENT ...] | -Command TEXT ...)

          -File, -f         Runs a script; what follows are its arguments.
          -Command, -c      Runs the rest of the line; '-' reads the command from standard input.
          -NonInteractive   Fails where it would have to ask.
          -NoModule         Does not import VoiceCore.Istio.
          -Help, -?         Prints this text.

        The exit code is that of the script's 'exit', 1 after an error that ended it, else 0.
        With -Command it is also 1 if the last command failed.
        """;

    internal string? File { get; private init; }

    internal string? Command { get; private init; }

    internal IReadOnlyList<ScriptArgument> Arguments { get; private init; } = [];

    internal bool NonInteractive { get; private init; }

    internal bool ImportModule { get; private init; } = true;

    internal bool Help { get; private init; }

    /// <summary>What is wrong with the command line; null where nothing is.</summary>
    internal string? Error { get; private init; }

    internal static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var rest = arguments.Skip(i + 1).ToList();
            switch (arguments[i].ToLower(CultureInfo.InvariantCulture))
            {
                case "-file" or "-f":
                    return rest.Count == 0
                        ? line with { Error = "-File needs the path of a script." }
                        : line with { File = rest[0], Arguments = ReadScriptArguments(rest.Skip(1)) };
                case "-command" or "-c":
                    return rest.Count == 0
                        ? line with { Error = "-Command needs a command." }
                        : line with { Command = string.Join(' ', rest) };
                case "-noninteractive":
                    line = line with { NonInteractive = true };
                    break;
                case "-nomodule":
                    line = line with { ImportModule = false };
                    break;
                case "-noprofile" or "-nologo":
                    // There is neither here: accepted so that a line written for pwsh works.
                    break;
                case "-help" or "-h" or "-?" or "--help":
                    return line with { Help = true };
                case var other when other.StartsWith('-'):
                    return line with { Error = $"'{arguments[i]}' is not a switch of this program." };
                default:
                    return line with { File = arguments[i], Arguments = ReadScriptArguments(rest) };
            }
        }

        return line with { Help = true };
    }

    // '-Name' is a parameter, '-Name:value' a parameter with its value, anything else a value; only $true and $false are not text.
    private static List<ScriptArgument> ReadScriptArguments(IEnumerable<string> arguments)
    {
        var result = new List<ScriptArgument>();
        foreach (var argument in arguments)
        {
            var match = Parameter().Match(argument);
            if (!match.Success)
                result.Add(new ScriptArgument(null, argument));
            else
                result.Add(new ScriptArgument(match.Groups["name"].Value, match.Groups["value"] is { Success: true } value ? value.Value : null));
        }

        return result;
    }

    [GeneratedRegex(@"^(?<name>-[\p{L}_?][\p{L}\p{N}_-]*)(?::(?<value>.+)?)?$", RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
