using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>A mesh and the definition that it is judged by, with what several requirements look up.</summary>
internal sealed class RequirementSubject
{
    private readonly Dictionary<(string Kind, string Key), IstioObject> _objects = [];
    private readonly ILookup<string, MeshWorkload> _workloads;

    internal RequirementSubject(MeshSnapshot snapshot, MeshDefinition definition)
    {
        Snapshot = snapshot;
        Definition = definition;
        Workloads = [.. MeshWorkload.Of(snapshot)];
        _workloads = Workloads.ToLookup(workload => workload.Namespace, StringComparer.Ordinal);
        foreach (var item in ((IEnumerable<IstioObject>)[
            .. snapshot.VirtualServices, .. snapshot.RequestAuthentications, .. snapshot.AuthorizationPolicies, .. snapshot.OtherIstioObjects]))
            _objects[(item.Kind, item.Key)] = item;
        Manifest = new Manifest(definition);
    }

    internal static RenderOptions Options { get; } = new() { Revision = "default" };

    internal MeshSnapshot Snapshot { get; }

    internal MeshDefinition Definition { get; }

    internal Manifest Manifest { get; }

    internal IReadOnlyList<MeshWorkload> Workloads { get; }

    /// <summary>The Service of a service of the definition; null where it is not there.</summary>
    internal ServiceRecord? Service(string name) =>
        Snapshot.Services.FirstOrDefault(service => service.Namespace == Definition.Namespace && service.Name == name);

    /// <summary>The workloads of a namespace whose pods carry a label.</summary>
    internal IEnumerable<MeshWorkload> WorkloadsWith(string @namespace, string label, string value) =>
        _workloads[@namespace].Where(workload => workload.Records.Any(pod => pod.Labels[label] == value));

    /// <summary>Whether rendered objects of Istio are in the mesh, field by field. What is not stated does not count.</summary>
    internal IEnumerable<RequirementEvidence> AsRendered(IEnumerable<RenderedObject> rendered)
    {
        foreach (var wanted in rendered.Select(item => item.Object))
        {
            var name = wanted.Reference.ToString();
            if (!_objects.TryGetValue((wanted.Kind, $"{wanted.Namespace}/{wanted.Name}"), out var live))
            {
                yield return new RequirementEvidence(name, "object", "there", null, RequirementStatus.NotSatisfied);
                continue;
            }

            var differences = FieldComparison.Stated(
                Spec(JsonNode.Parse(live.Spec.Span)), Spec(wanted.Json["spec"]?.DeepClone()), FieldManagers.VoiceCore, defaultsInLists: true);
            if (differences.Count == 0)
                yield return new RequirementEvidence(name, "spec", "as the definition says", "the same", RequirementStatus.Satisfied);
            foreach (var difference in differences)
                yield return new RequirementEvidence(name, difference.Path, difference.Wanted ?? "nothing", difference.Live, RequirementStatus.NotSatisfied);
        }
    }

    private static KubernetesObject Spec(JsonNode? spec) => new(new JsonObject { ["spec"] = spec });
}
