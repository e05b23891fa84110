using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>Finds the verdicts of an area that differ: one row for all clients that had the same and have the same.</summary>
internal static class VerdictComparison
{
    internal static IEnumerable<MeshChange> Run(MeshChangeArea area, VerdictSource before, VerdictSource after, ChangeCauses causes)
    {
        var subjects = new SortedSet<VerdictSubject>(before.Subjects);
        subjects.UnionWith(after.Subjects);
        foreach (var subject in subjects)
        {
            var (earlier, later) = (before.Facts(subject).ToArray(), after.Facts(subject).ToArray());
            if (Same(earlier, later))
                continue;
            var (ofPart, nowOfPart) = (earlier.ToLookup(fact => fact.Part), later.ToLookup(fact => fact.Part));
            foreach (var part in ofPart.Select(group => group.Key).Union(nowOfPart.Select(group => group.Key)))
            {
                foreach (var change in Part(area, subject, part, [.. ofPart[part]], [.. nowOfPart[part]], causes))
                    yield return change;
            }
        }
    }

    private static bool Same(VerdictFact[] before, VerdictFact[] after) =>
        before.Length == after.Length
        && before.Zip(after).All(pair => pair.First.Part == pair.Second.Part && pair.First.Says(pair.Second) && pair.First.Clients.SequenceEqual(pair.Second.Clients));

    private static IEnumerable<MeshChange> Part(
        MeshChangeArea area, VerdictSubject subject, string part, VerdictFact[] before, VerdictFact[] after, ChangeCauses causes)
    {
        if (before.Length == 0)
            return after.Select(fact => Change(MeshChangeAction.Added, null, fact, fact.Clients));
        if (after.Length == 0)
            return before.Select(fact => Change(MeshChangeAction.Removed, fact, null, fact.Clients));
        return ClientPairing.Of(before, after)
            .Where(pair => !pair.Before.Says(pair.After))
            .Select(pair => Change(MeshChangeAction.Changed, pair.Before, pair.After, pair.Clients));

        MeshChange Change(MeshChangeAction action, VerdictFact? one, VerdictFact? other, IReadOnlyList<string> clients) => new(
            area, action, subject.Namespace, subject + part, clients, one?.Summary, other?.Summary, Fields(one, other), causes.Of(area, subject, clients));
    }

    private static FieldDifference[] Fields(VerdictFact? before, VerdictFact? after)
    {
        if (before is null || after is null)
            return [];
        var (earlier, later) = (before.Fields.ToDictionary(field => field.Name, field => field.Value), after.Fields.ToDictionary(field => field.Name, field => field.Value));
        return earlier.Keys.Union(later.Keys)
            .Where(name => earlier.GetValueOrDefault(name) != later.GetValueOrDefault(name))
            .Select(name => new FieldDifference(name, earlier.GetValueOrDefault(name), later.GetValueOrDefault(name), []))
            .ToArray();
    }
}
