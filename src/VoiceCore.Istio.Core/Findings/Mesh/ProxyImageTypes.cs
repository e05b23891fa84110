using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// The variants of the proxy's image: that of the pod's annotation, of its proxy config, of a ProxyConfig that selects it, of its namespace's,
/// of the root namespace's, of the mesh's. Sources: pkg/config/analysis/analyzers/util/proxyconfig.go, ProxyImage in pkg/kube/inject/inject.go.
/// </summary>
internal sealed class ProxyImageTypes
{
    private const string Annotation = "sidecar.istio.io/proxyImageType";
    private const string Usual = "default";

    private readonly ILookup<string, (LabelSet? Selector, string Type)> _configs;
    private readonly string _root;
    private readonly string _mesh;

    internal ProxyImageTypes(MeshSnapshot snapshot)
    {
        _root = snapshot.Mesh.RootNamespace;
        _mesh = snapshot.Mesh.ProxyImageType;
        _configs = snapshot.OtherIstioObjects
            .Where(item => item.Kind == "ProxyConfig")
            .Select(item => (
                item.Namespace,
                Selector: ObjectSpec.Read(item, spec => IstioObjectReader.Selector(spec, new StringPool())),
                Type: ObjectSpec.Read(item, spec => spec.Field("image")?.Text("imageType")) ?? ""))
            .Where(item => item.Type.Length > 0)
            .ToLookup(item => item.Namespace, item => (item.Selector, item.Type), StringComparer.Ordinal);
    }

    /// <summary>The variant of a pod's image; empty for the usual one.</summary>
    internal string Of(PodRecord pod)
    {
        var type = pod.Annotations[Annotation] is { Length: > 0 } own ? own
            : pod.Annotations[ProxySettings.Annotation] is { } settings && ProxySettings.ImageType(settings) is { Length: > 0 } config ? config
            : _configs[pod.Namespace].FirstOrDefault(item => item.Selector is not null && pod.Labels.Matches(item.Selector)).Type
                ?? _configs[pod.Namespace].FirstOrDefault(item => item.Selector is null).Type
                ?? _configs[_root].FirstOrDefault().Type
                ?? _mesh;
        return type == Usual ? "" : type;
    }
}
