using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a definition asks for and Istio would defeat, and what contradicts itself.</summary>
public static class DefinitionRules
{
    /// <summary>Every conflict of a definition, in its order. The subject of a finding is the path in the definition.</summary>
    public static IReadOnlyList<Finding> Check(MeshDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return [];
    }
}
