using VoiceCore.Istio.Core.Findings;
using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Reads what everything that runs has: replicas and resources.</summary>
internal static class WorkloadReader
{
    internal const int MaxPort = 65535;

    private const int MaxReplicas = 10_000;

    internal static ReplicaRange Replicas(MappingReader reader, ReplicaRange defaults)
    {
        var fixedNumber = reader.Integer("replicas", 1, MaxReplicas);
        if (reader.Mapping("autoscaling") is not { } autoscaling)
            return fixedNumber is { } number ? new ReplicaRange(number, number) : defaults;

        if (reader.Has("replicas"))
            reader.Report(DocumentFindings.Exclusive, "replicas", "replicas", "autoscaling");
        return Ended(autoscaling, range => new ReplicaRange(
            range.RequiredInteger("minReplicas", 1, MaxReplicas),
            range.RequiredInteger("maxReplicas", 1, MaxReplicas),
            range.Integer("targetCpuUtilization", 1, 1000) ?? 80));
    }

    internal static ResourceRequirements Resources(MappingReader? reader)
    {
        if (reader is null)
            return new ResourceRequirements();

        var requests = reader.Mapping("requests");
        var limits = reader.Mapping("limits");
        var resources = new ResourceRequirements
        {
            CpuRequest = requests?.Text("cpu", TextRule.Quantity),
            MemoryRequest = requests?.Text("memory", TextRule.Quantity),
            CpuLimit = limits?.Text("cpu", TextRule.Quantity),
            MemoryLimit = limits?.Text("memory", TextRule.Quantity),
        };
        requests?.End();
        limits?.End();
        reader.End();
        return resources;
    }
}
