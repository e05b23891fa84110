using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>
/// 1.4: the provider is in the mesh config, the whole mesh samples as defined, the collector can be reached, and timestamps are finer than a
/// millisecond (OTLP: nanoseconds, Zipkin: microseconds; how exact the nodes' clocks are is another matter). That spans arrive, only the
/// tracing backend shows.
/// </summary>
internal sealed class TracingRequirement : IRequirementRule
{
    public string Id => "1.4";

    public string Title => "Distributed tracing";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject)
    {
        if (subject.Definition.Mesh.Tracing is not { } tracing)
        {
            yield return new RequirementEvidence("Definition", "mesh.tracing", "there", null, RequirementStatus.NotSatisfied);
            yield break;
        }

        var kind = subject.Snapshot.Mesh.ExtensionProviders.FirstOrDefault(provider => provider.Name == tracing.Provider)?.Kind;
        yield return RequirementEvidence.Of("Mesh config", $"extension provider {tracing.Provider}", "opentelemetry", kind);
        if (Precision(kind) is { } precision)
            yield return new RequirementEvidence("Mesh config", "timestamps of spans", "finer than 1 ms", precision, RequirementStatus.Satisfied);
        foreach (var evidence in subject.AsRendered(TelemetryRenderer.Render(subject.Definition, subject.Manifest, RequirementSubject.Options)))
            yield return evidence;
        foreach (var evidence in Others(subject))
            yield return evidence;
        yield return Collector(subject.Snapshot, tracing);
        yield return RequirementEvidence.Unseen(
            $"Collector {tracing.Service}", "spans", "arrive",
            "Whether spans arrive is not in the state of the cluster. Send a request through the ingress gateway and look for its trace in the tracing backend; "
            + "the statistic tracing.opentelemetry.spans_sent of a proxy (Envoy's /stats) counts what was sent.");
    }

    private static string? Precision(string? kind) => kind switch
    {
        "opentelemetry" => "nanoseconds",
        "zipkin" => "microseconds",
        _ => null,
    };

    // A Telemetry of a namespace or of a workload goes before that of the mesh.
    private static IEnumerable<RequirementEvidence> Others(RequirementSubject subject)
    {
        var places = subject.Definition.Gateways.Select(gateway => gateway.Namespace).Append(subject.Definition.Namespace).Append(subject.Definition.Mesh.RootNamespace).ToHashSet(StringComparer.Ordinal);
        var ours = $"{subject.Definition.Mesh.RootNamespace}/mesh-default";
        foreach (var other in subject.Snapshot.OtherIstioObjects.Where(item => item.Kind == "Telemetry" && places.Contains(item.Namespace) && item.Key != ours))
        {
            if (JsonTree.Parse(other.Spec.Span).Field("tracing") is { } tracing)
                yield return new RequirementEvidence(
                    other.ToString(), "tracing", "in the Telemetry of the mesh only", tracing.ToString(), RequirementStatus.NotSatisfied, $"It replaces what {ours} says where it applies.");
        }
    }

    private static RequirementEvidence Collector(MeshSnapshot snapshot, TracingDefinition tracing)
    {
        var name = $"Collector {tracing.Service}";
        const string Field = "ready endpoints";
        var service = snapshot.Services.FirstOrDefault(item => HostName.Of(item, snapshot.ClusterDomain) == tracing.Service);
        if (service is null && !tracing.Service.EndsWith($".svc.{snapshot.ClusterDomain}", StringComparison.Ordinal))
            return RequirementEvidence.Unseen(name, Field, "1 or more", "It is outside of the cluster; ask it directly.");
        var ready = snapshot.EndpointSlices
            .Where(slice => service is not null && slice.Namespace == service.Namespace && slice.Service == service.Name)
            .SelectMany(slice => slice.Endpoints)
            .Count(endpoint => endpoint.Ready);
        return new RequirementEvidence(
            name, Field, "1 or more", service is null ? null : $"{ready}", ready > 0 ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied,
            ready > 0 ? "" : "Spans go nowhere until it runs.");
    }
}
