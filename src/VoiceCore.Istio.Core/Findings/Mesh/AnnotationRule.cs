using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Annotations of Istio that have no effect. Source: pkg/config/analysis/analyzers/annotations of Istio.</summary>
internal sealed class AnnotationRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.Namespaces.SelectMany(item => Of("Namespace", item))
            .Concat(mesh.Snapshot.Services.SelectMany(item => Of("Service", item)))
            .Concat(mesh.Snapshot.Deployments.SelectMany(item => Of("Deployment", item)))
            // The pods of one owner have the same annotations: one of them speaks for all.
            .Concat(mesh.Pods.DistinctBy(MeshIndex.Workload).SelectMany(item => Of("Pod", item)));

    private static IEnumerable<Finding> Of(string kind, MeshObject item)
    {
        foreach (var (name, value) in item.Annotations)
        {
            if (name != IstioNames.IngressClass && !name.Split('/')[0].EndsWith("istio.io", StringComparison.Ordinal))
                continue;
            var subject = $"{kind} {item.Key}";
            if (IstioAnnotation.Find(name) is not { } annotation)
            {
                yield return WorkloadFindings.AnnotationUnknown.At(subject, name);
                continue;
            }

            // As label it says the same and counts more.
            if (annotation.IsDeprecated && !(name == IstioNames.Inject && item.Labels[name] is not null))
                yield return WorkloadFindings.AnnotationDeprecated.At(subject, name);
            if (!annotation.CountsOn(kind))
                yield return WorkloadFindings.AnnotationMisplaced.At(subject, name, string.Join(", ", annotation.Kinds));
            else if (IstioAnnotation.Expected(name, value) is { } expected)
                yield return WorkloadFindings.AnnotationInvalid.At(subject, name, value, expected);
        }
    }
}
