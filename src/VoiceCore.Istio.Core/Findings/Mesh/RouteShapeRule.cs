using System.Globalization;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Weights and fields that do not do what they read as. Sources: pkg/config/analysis/analyzers/deprecation of Istio, and Kiali's route checker
/// (business/checkers/virtualservices).
/// </summary>
internal sealed class RouteShapeRule : IMeshRule
{
    private static readonly string[] Kinds = ["http", "tcp", "tls"];

    public IEnumerable<Finding> Check(MeshIndex mesh) => mesh.Snapshot.VirtualServices
        .SelectMany(service => ObjectSpec.Read(service, spec => OfRoutes(mesh, service, spec).ToArray()))
        .Concat(mesh.Snapshot.Sidecars
            .Where(sidecar => ObjectSpec.Read(sidecar, spec => spec.Field("outboundTrafficPolicy").Field("egressProxy") is not null))
            .Select(sidecar => RouteFindings.DeprecatedField.At(sidecar.ToString(), "outboundTrafficPolicy.egressProxy", " and ignored")))
        .Concat(mesh.Snapshot.Sidecars
            .Where(sidecar => ObjectSpec.Read(sidecar, spec => spec.Field("outboundTrafficPolicy") is { } policy && policy.Field("mode") is null))
            .Select(sidecar => RouteFindings.OutboundModeMissing.At(sidecar.ToString())));

    private static IEnumerable<Finding> OfRoutes(MeshIndex mesh, VirtualService service, JsonTree spec)
    {
        var subject = service.ToString();
        if (spec.Items("http").Any(route => route.Field("fault").Field("delay")?.OptionalDouble("percent") > 0))
            yield return RouteFindings.DeprecatedField.At(subject, "http.fault.delay.percent", "; percentage replaces it");
        foreach (var kind in Kinds)
        {
            var index = 0;
            foreach (var route in spec.Items(kind))
            {
                var name = route.Text("name") is { Length: > 0 } given ? $"'{given}'" : (index + 1).ToString(CultureInfo.InvariantCulture);
                index++;
                var targets = route.Items("route").ToArray();
                if (targets.Length == 1 && targets[0].Number("weight") is > 0 and < 100 and var weight)
                    yield return RouteFindings.WeightAlone.At(subject, kind, name, weight);
                var twice = targets
                    .Where(target => target.Field("destination") is not null)
                    .Select(target => (Host: mesh.FullHost(target.Field("destination")?.Text("host") ?? "", service.Namespace), Subset: target.Field("destination")?.Text("subset") ?? ""))
                    .GroupBy(target => target)
                    .FirstOrDefault(group => group.Count() > 1);
                if (twice is not null)
                    yield return RouteFindings.DestinationTwice.At(subject, kind, name, twice.Key.Subset.Length == 0 ? twice.Key.Host : $"{twice.Key.Host} subset {twice.Key.Subset}");
            }
        }
    }
}
