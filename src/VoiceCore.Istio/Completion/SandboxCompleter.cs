using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Completion;

/// <summary>The sandboxes of this process.</summary>
public sealed class SandboxCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        MeshCompleter.Matching(RunningSandboxes.All.Select(sandbox => new CompletionCandidate(sandbox.Name, $"{sandbox.Server}, Istio {sandbox.IstioVersion}")), wordToComplete);
}
