using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VoiceCore.Istio.Core.Requirements;

namespace VoiceCore.Istio.Completion;

/// <summary>The numbers of the runbook's requirements.</summary>
public sealed class RequirementCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        MeshCompleter.Matching(RequirementCheck.All.Select(item => new CompletionCandidate(item.Id, item.Title)), wordToComplete);
}
