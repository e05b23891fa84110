using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>
/// The objects of a control plane as <c>istioctl manifest generate</c> renders them for profile <c>minimal</c>: the same kinds, names,
/// labels and selectors, and of their content what a mesh shows to its users.
/// </summary>
internal sealed class ControlPlaneManifest
{
    private readonly IstioVersion _version;
    private readonly ManifestObject _manifest;

    internal ControlPlaneManifest(ControlPlaneRequest request, IstioVersion version)
    {
        _version = version;
        Settings = new OperatorSettings(request, version);
        _manifest = new ManifestObject(version.Text, request.Revision);
    }

    /// <summary>What the request says.</summary>
    internal OperatorSettings Settings { get; }

    /// <summary>The CustomResourceDefinitions.</summary>
    internal IEnumerable<KubernetesObject> Resources => IstioResources.Definitions(_version, _manifest);

    /// <summary>Everything else, in an order in which it can be applied.</summary>
    internal IEnumerable<KubernetesObject> Objects =>
    [
        .. IstiodRights.Objects(Settings, _manifest),
        IstioWebhooks.Validator(Settings, _manifest),
        .. IstiodConfiguration.Objects(Settings, _manifest),
        IstioWebhooks.Injector(Settings, _manifest),
        .. Istiod.Objects(Settings, _manifest),
    ];

    /// <summary>What makes the revision the default one. Not part of the rendered manifest: only an installation knows whether it is the first.</summary>
    internal IEnumerable<KubernetesObject> Default => IstioWebhooks.Default(Settings, _manifest);
}
