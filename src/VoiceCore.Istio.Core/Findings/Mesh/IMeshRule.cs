namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>A check of a mesh's configuration: pure, and about one subject.</summary>
internal interface IMeshRule
{
    /// <summary>What was found.</summary>
    IEnumerable<Finding> Check(MeshIndex mesh);
}
