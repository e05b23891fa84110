namespace VoiceCore.Istio.Core.Requirements;

/// <summary>1.1: there is a control plane, the gateways run, and every pod of every service has a sidecar.</summary>
internal sealed class ServiceMeshRequirement : IRequirementRule
{
    public string Id => "1.1";

    public string Title => "Service mesh";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject)
    {
        var definition = subject.Definition;
        yield return Ready(subject, "istiod", definition.ControlPlane.Namespace, "app", "istiod");
        foreach (var gateway in subject.Definition.Gateways)
            yield return Ready(subject, "gateway", gateway.Namespace, "istio", gateway.Name);
        foreach (var service in definition.Services)
        {
            var name = $"Service {definition.Namespace}/{service.Name}";
            var pods = subject.WorkloadsWith(definition.Namespace, "app", service.Name).SelectMany(workload => workload.Records).ToArray();
            yield return pods.Length == 0
                ? RequirementEvidence.Unseen(name, "pods with a sidecar", "all", "No pod of it runs; deploy it, and look again.")
                : RequirementEvidence.Of(name, "pods with a sidecar", $"{pods.Length} of {pods.Length}", $"{pods.Count(pod => pod.HasSidecar)} of {pods.Length}");
        }
    }

    private static RequirementEvidence Ready(RequirementSubject subject, string what, string @namespace, string label, string value)
    {
        var ready = subject.WorkloadsWith(@namespace, label, value).Sum(workload => workload.Ready);
        return new RequirementEvidence(
            $"Namespace {@namespace}", $"ready pods of {what} ({label}={value})", "1 or more", $"{ready}",
            ready > 0 ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied);
    }
}
