using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What came of reading a definition: the definition where it could be read, and everything to say about it.</summary>
/// <param name="Definition">The definition; null where the document has an error.</param>
/// <param name="Findings">Problems of the document and conflicts of the definition, in the order of the document, with places.</param>
public sealed record MeshDefinitionDocument(MeshDefinition? Definition, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether it can be rendered: nothing is an error.</summary>
    public bool IsValid => Definition is not null;
}
