namespace VoiceCore.Istio.Core.Comparison;

/// <summary>
/// Pairs the verdicts that the same clients have in two states. A state may tell the clients of a namespace apart by their apps where the
/// other does not: then each app is paired with its namespace. Clients that are in one state only have nothing to compare.
/// </summary>
internal static class ClientPairing
{
    internal static IEnumerable<(VerdictFact Before, VerdictFact After, IReadOnlyList<string> Clients)> Of(VerdictFact[] before, VerdictFact[] after)
    {
        var (earlier, later) = (Units(before), Units(after));
        return
            from unit in earlier.Keys.Union(later.Keys).Order(StringComparer.Ordinal)
            let one = Find(earlier, unit)
            let other = Find(later, unit)
            where one is not null && other is not null
            group unit by (one, other) into same
            select (same.Key.one, same.Key.other, (IReadOnlyList<string>)[.. same.Where(unit => unit.Length > 0)]);
    }

    // Clients by namespace, or as namespace/app,app, each perhaps with a note in brackets; nobody in particular is one unit without a name.
    private static Dictionary<string, VerdictFact> Units(VerdictFact[] facts)
    {
        var units = new Dictionary<string, VerdictFact>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            if (fact.Clients.Count == 0)
                units[""] = fact;
            foreach (var client in fact.Clients)
            {
                var slash = client.IndexOf('/');
                if (slash < 0)
                {
                    units[client] = fact;
                    continue;
                }

                foreach (var app in client[(slash + 1)..].Split(','))
                    units[$"{client[..slash]}/{app}"] = fact;
            }
        }

        return units;
    }

    private static VerdictFact? Find(Dictionary<string, VerdictFact> units, string unit)
    {
        if (units.TryGetValue(unit, out var fact))
            return fact;
        var slash = unit.IndexOf('/');
        return slash < 0 ? null : units.GetValueOrDefault(unit[..slash]);
    }
}
