using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace VoiceCore.Istio.Completion;

/// <summary>
/// A completer whose values depend on the cluster that the command line names with <c>-Kubeconfig</c> and <c>-Context</c>.
/// It answers at once or with nothing, never with an error.
/// </summary>
public abstract class MeshCompleter : IArgumentCompleter
{
    private const string ResolveScript = "param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)";

    private static readonly CompletionCache Cache = new(TimeProvider.System);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Matching(Candidates(fakeBoundParameters), wordToComplete);
        }
        catch (Exception)
        {
            return [];
        }
    }

    private protected virtual IReadOnlyList<CompletionCandidate> Candidates(IDictionary bound)
    {
        var kubeconfig = ResolveKubeconfig(bound["Kubeconfig"] as string);
        var context = bound["Context"] as string;
        return Cached(string.Join('\n', kubeconfig ?? Environment.GetEnvironmentVariable("KUBECONFIG"), context), stop => ReadAsync(kubeconfig, context, stop));
    }

    /// <summary>The values of a source, of which this kind of completer reads others than the next.</summary>
    private protected IReadOnlyList<CompletionCandidate> Cached(string source, Func<CancellationToken, Task<IReadOnlyList<CompletionCandidate>>> read) =>
        Cache.Get($"{GetType().FullName}\n{source}", read);

    /// <summary>Reads the values. May fail, and is stopped when it takes too long; runs on a thread without a runspace.</summary>
    protected abstract Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken);

    internal static CompletionResult[] Matching(IEnumerable<CompletionCandidate> candidates, string? word)
    {
        var pattern = WildcardPattern.Get((word ?? "").Trim('\'', '"') + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return candidates
            .Where(candidate => pattern.IsMatch(candidate.Value))
            .Select(candidate => new CompletionResult(Quoted(candidate.Value), candidate.Value, CompletionResultType.ParameterValue, candidate.ToolTip))
            .ToArray();
    }

    // Names of Kubernetes need no quotes; contexts may be called anything.
    private static string Quoted(string value) =>
        value.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':') && !value.StartsWith('-')
            ? value
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    /// <summary>A path relative to PowerShell's location, not to the process' folder; null stays null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(path))]
    internal static string? ResolvePath(string? path)
    {
        if (path is null)
            return null;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript(ResolveScript, useLocalScope: true).AddArgument(path).Invoke<string>().Single();
    }

    private static string? ResolveKubeconfig(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return null;
        return string.Join(Path.PathSeparator, value.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(ResolvePath));
    }
}
