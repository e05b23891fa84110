using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// A ConfigMap beside istiod that says: the module installed the control plane of this revision. It is written before istioctl begins
/// and goes after istioctl has removed it, so that an installation that was broken off is known too. Without it an uninstall leaves a control plane alone.
/// </summary>
internal static class ControlPlaneRecord
{
    internal const string RevisionKey = "revision";

    private const string Prefix = "voicecore-mesh-";

    internal static bool IsRecord(string kind, string name) => kind == "ConfigMap" && name.StartsWith(Prefix, StringComparison.Ordinal);

    internal static RenderedObject Render(MeshDefinition definition, string revision) =>
        new Manifest(definition).Object(
            ManifestRole.ControlPlane, "v1", "ConfigMap", definition.ControlPlane.Namespace, Prefix + revision,
            new JsonObject { ["data"] = new JsonObject { [RevisionKey] = revision } });
}
