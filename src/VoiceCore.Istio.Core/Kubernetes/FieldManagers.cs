namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>The field managers of the module.</summary>
public static class FieldManagers
{
    /// <summary>The field manager of everything that the module applies.</summary>
    public const string VoiceCore = "voicecore-mesh";
}
