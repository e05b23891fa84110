using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A place in which rules for a host are looked for.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Index">Its rules by host; null where it has none.</param>
/// <param name="TakesAll">The client's own namespace: what is there is for it. Elsewhere it must be exported to the client.</param>
internal readonly record struct DestinationRulePlace(string Namespace, HostIndex<List<DestinationRuleEntry>>? Index, bool TakesAll)
{
    internal const int Levels = 3;

    /// <summary>What the client may use. The closest host alone is looked at, also where nothing of it is exported to the client.</summary>
    internal List<DestinationRuleEntry> For(string host, string clientNamespace) =>
        Index?.Find(host) is not { } found ? []
        : TakesAll || found.TrueForAll(entry => entry.IsExportedTo(clientNamespace)) ? found
        : found.FindAll(entry => entry.IsExportedTo(clientNamespace));
}

/// <summary>Rules of one namespace and host that Istio has merged into one.</summary>
internal sealed class DestinationRuleEntry(string[] exportTo, DestinationRule rule)
{
    /// <summary><c>exportTo</c> as written: that decides about merging.</summary>
    internal string[] ExportTo { get; } = exportTo;

    internal EffectiveRule Rule { get; set; } = new(rule, rule.Policy, rule.Subsets);

    internal bool IsExportedTo(string @namespace) => ExportTo.Length == 0 || ExportTo.Contains("*") || ExportTo.Contains(@namespace);
}
