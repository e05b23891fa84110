using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Completion;

/// <summary>The callers of the definition that <c>-DefinitionPath</c> names, for a parameter <c>Caller</c>, else those that are called.</summary>
public sealed class DependencyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var definition = MeshDefinitionFile.Load(MeshCompleter.ResolvePath(fakeBoundParameters["DefinitionPath"] as string));
            var names = MeshDependency.Of(definition).Select(dependency => parameterName == "Caller" ? dependency.Caller : dependency.Service);
            return MeshCompleter.Matching(names.Distinct().Select(name => new CompletionCandidate(name, $"{name} of {definition.Product}")), wordToComplete);
        }
        catch (Exception)
        {
            // Completion has nobody to tell.
            return [];
        }
    }
}
