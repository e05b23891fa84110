namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Who said a setting.</summary>
public enum SettingOrigin
{
    /// <summary>Nobody: it is what Istio does by itself.</summary>
    IstioDefault,

    /// <summary>The mesh config.</summary>
    MeshConfig,

    /// <summary>The VirtualService of the route.</summary>
    VirtualService,
}
