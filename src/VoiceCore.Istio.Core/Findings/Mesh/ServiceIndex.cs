using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Services by namespace and by a label of their selectors, so that the services of a pod are found without looking at every service.</summary>
internal sealed class ServiceIndex
{
    private readonly ILookup<string, ServiceRecord> _byNamespace;
    private readonly ILookup<(string Namespace, string Key, string Value), ServiceRecord> _byLabel;

    internal ServiceIndex(IReadOnlyList<ServiceRecord> services)
    {
        _byNamespace = services.ToLookup(service => service.Namespace, StringComparer.Ordinal);
        _byLabel = services.Where(service => service.Selector.Count > 0).ToLookup(service => (service.Namespace, service.Selector[0].Key, service.Selector[0].Value));
    }

    /// <summary>The services of a namespace.</summary>
    internal IEnumerable<ServiceRecord> Of(string @namespace) => _byNamespace[@namespace];

    internal bool Any(string @namespace) => _byNamespace.Contains(@namespace);

    /// <summary>The services whose selectors these labels satisfy; those without a selector select nothing.</summary>
    internal IEnumerable<ServiceRecord> Selecting(string @namespace, LabelSet labels) =>
        labels.SelectMany(label => _byLabel[(@namespace, label.Key, label.Value)]).Where(service => labels.Matches(service.Selector));
}
