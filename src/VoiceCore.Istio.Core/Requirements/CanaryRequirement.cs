using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>
/// 1.5: namespaces choose their control plane by revision, so that two can run side by side; what runs is of the revision that is chosen;
/// and pods carry the label by which traffic can be split between versions of a service.
/// </summary>
internal sealed class CanaryRequirement : IRequirementRule
{
    public string Id => "1.5";

    public string Title => "Canary deployments";

    public IEnumerable<RequirementEvidence> Judge(RequirementSubject subject) => Namespaces(subject).Concat(Workloads(subject)).Concat(Versions(subject));

    private static IEnumerable<RequirementEvidence> Namespaces(RequirementSubject subject)
    {
        var resolver = new InjectionResolver(subject.Snapshot.Webhooks);
        foreach (var wanted in subject.Definition.Namespaces.Where(item => item.Injection))
        {
            var labels = subject.Snapshot.Namespaces.FirstOrDefault(item => item.Name == wanted.Name)?.Labels ?? LabelSet.Empty;
            var revision = labels[IstioNames.Revision];
            var isServed = revision is not null && resolver.Serves(revision);
            yield return new RequirementEvidence(
                $"Namespace {wanted.Name}", $"label {IstioNames.Revision}", "a revision or tag that a webhook serves", revision,
                isServed ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied,
                revision is null ? "Without it an upgrade by revision passes the namespace over." : isServed ? "" : "No webhook serves it.");
            if (labels[IstioNames.Injection] is { } injection)
                yield return new RequirementEvidence(
                    $"Namespace {wanted.Name}", $"label {IstioNames.Injection}", "not there", injection, RequirementStatus.NotSatisfied, $"It hides {IstioNames.Revision}.");
        }
    }

    private static IEnumerable<RequirementEvidence> Workloads(RequirementSubject subject)
    {
        var names = subject.Definition.Services.SelectMany(service => subject.WorkloadsWith(subject.Definition.Namespace, "app", service.Name))
            .Concat(subject.Definition.Gateways.SelectMany(gateway => subject.WorkloadsWith(gateway.Namespace, "istio", gateway.Name)))
            .Select(workload => (workload.Namespace, Name: $"{workload.Kind}/{workload.Name}"))
            .ToHashSet();
        return new InjectionReport(subject.Snapshot).Rows()
            .Where(row => names.Contains((row.Namespace, row.Workload)))
            .Select(row => RequirementEvidence.Of(
                $"{row.Workload.Split('/')[0]} {row.Namespace}/{row.Workload.Split('/')[1]}", "injection", $"{InjectionState.Injected}", $"{row.State}",
                row.Fix.Length > 0 ? $"{row.Reason} Fix: {row.Fix}" : row.Reason));
    }

    private static IEnumerable<RequirementEvidence> Versions(RequirementSubject subject)
    {
        foreach (var service in subject.Definition.Services)
        {
            var name = $"Service {subject.Definition.Namespace}/{service.Name}";
            var pods = subject.WorkloadsWith(subject.Definition.Namespace, "app", service.Name).SelectMany(workload => workload.Records).ToArray();
            var without = pods.Count(pod => pod.Labels["version"] is null);
            yield return pods.Length == 0
                ? RequirementEvidence.Unseen(name, "label version of its pods", "on each", "No pod of it runs; deploy it, and look again.")
                : new RequirementEvidence(
                    name, "label version of its pods", "on each",
                    without == 0 ? string.Join(", ", pods.Select(pod => pod.Labels["version"]).Distinct().Order(StringComparer.Ordinal)) : $"missing on {without} of {pods.Length}",
                    without == 0 ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied);
        }
    }
}
