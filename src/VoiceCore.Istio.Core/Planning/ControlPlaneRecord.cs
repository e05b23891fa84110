using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// A ConfigMap beside istiod that says: the module installed the control plane of this revision. It is written before istioctl begins
/// and goes after all that istiod leaves behind, so that an installation or a removal that was broken off is known too. Without it an
/// uninstall leaves a control plane alone.
/// </summary>
internal static class ControlPlaneRecord
{
    private const string Prefix = "voicecore-mesh-";
    private const string Revision = "revision";
    private const string MadeRootKey = "madeRoot";

    internal static string NameOf(string revision) => Prefix + revision;

    internal static bool IsRecord(ObjectReference item) => item.Kind == "ConfigMap" && item.Name.StartsWith(Prefix, StringComparison.Ordinal);

    internal static string RevisionOf(PlanRow record) => record.Name[Prefix.Length..];

    /// <summary>Whether istiod makes the mesh's root certificate: there was none when the record was written.</summary>
    internal static bool MadeRoot(KubernetesObject record) => (string?)record.Json["data"]?[MadeRootKey] == "true";

    /// <summary>The row of the control plane that a record stands for.</summary>
    internal static PlanRow Istiod(PlanRow record) => new()
    {
        Action = PlanAction.Delete,
        Role = ManifestRole.ControlPlane,
        Object = new ObjectReference("apps", "Deployment", record.Namespace, $"istiod-{RevisionOf(record)}"),
        Basis = PlanBasis.Record,
        Revision = RevisionOf(record),
    };

    internal static RenderedObject Render(MeshDefinition definition, string revision, bool madeRoot) =>
        new Manifest(definition).Object(
            ManifestRole.ControlPlane, "v1", "ConfigMap", definition.ControlPlane.Namespace, NameOf(revision),
            new JsonObject { ["data"] = new JsonObject { [Revision] = revision, [MadeRootKey] = madeRoot ? "true" : "false" } });
}
