using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Telemetry objects that get in each other's way or go nowhere. Source: pkg/config/analysis/analyzers/telemetry of Istio.</summary>
internal sealed class TelemetryRule : IMeshRule
{
    private const string Deprecated = "lightstep";

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var all = mesh.Snapshot.OtherIstioObjects.Where(item => item.Kind == "Telemetry").ToArray();
        foreach (var group in all.GroupBy(item => item.Namespace, StringComparer.Ordinal))
        {
            var selectors = group.ToDictionary(item => item, Selector);
            var general = group.Where(item => selectors[item] is null && !HasTargets(item)).ToArray();
            foreach (var item in general.Where(_ => general.Length > 1))
                yield return PolicyFindings.TelemetryTwice.At(item.ToString(), Names(general, item), group.Key);
            var selecting = group
                .Where(item => selectors[item] is { Count: > 0 })
                .Select(item => (Item: item, Pods: mesh.WorkloadsWith(group.Key, selectors[item]!).ToArray()))
                .ToArray();
            foreach (var (item, _) in selecting.Where(pair => pair.Pods.Length == 0))
            {
                yield return MeshIndex.Unless(
                    mesh.Snapshot.IsComplete || mesh.WorkloadsByNamespace.Contains(group.Key),
                    "pod of the namespace",
                    PolicyFindings.TelemetryWithoutPods.At(item.ToString(), selectors[item], group.Key));
            }

            foreach (var (item, others, pod) in SelectorOverlap.Find(selecting))
                yield return PolicyFindings.TelemetryOverlap.At(item.ToString(), string.Join(", ", others.Select(other => other.Name)), pod.Key);
        }

        foreach (var finding in all.SelectMany(item => Providers(mesh.Snapshot.Mesh, item)))
            yield return finding;
    }

    /// <summary>The selector; null without one, empty for an empty one.</summary>
    internal static LabelSet? Selector(IstioObject item) => ObjectSpec.Read(item, spec => IstioObjectReader.Selector(spec, new StringPool()));

    internal static bool HasTargets(IstioObject item) => ObjectSpec.Read(item, spec => IstioObjectReader.Targets(spec).Count > 0);

    private static Finding[] Providers(MeshConfig config, IstioObject item) => ObjectSpec.Read(item, spec =>
    {
        var findings = new List<Finding>();
        if (!config.HasDefaultAccessLog && spec.Items("accessLogging").Any(log => !log.Flag("disabled") && !log.Items("providers").Any()))
            findings.Add(PolicyFindings.LogWithoutProvider.At(item.ToString()));
        foreach (var name in spec.Items("tracing").SelectMany(Names).Distinct())
        {
            if (config.ExtensionProviders.Any(provider => provider.Name == name && provider.Kind == Deprecated))
                findings.Add(PolicyFindings.ProviderDeprecated.At(item.ToString(), name, Deprecated));
        }

        return findings.ToArray();
    });

    private static IEnumerable<string> Names(JsonTree tracing) => tracing.Items("providers").Select(provider => provider.Text("name", ""));

    private static string Names(IstioObject[] all, IstioObject one) => string.Join(", ", all.Where(other => other != one).Select(other => other.Name));
}
