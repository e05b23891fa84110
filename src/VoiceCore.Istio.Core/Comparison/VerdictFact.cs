namespace VoiceCore.Istio.Core.Comparison;

/// <summary>A verdict of one state of a mesh, as it is compared.</summary>
/// <param name="Part">The part of the subject, such as <c>:80</c>; empty for the whole.</param>
/// <param name="Clients">Whose verdict it is; none where it is nobody's in particular.</param>
/// <param name="Summary">In short.</param>
/// <param name="Fields">What it says, by name. Reasons and the names of policies are not in it: the same may be so for another reason.</param>
internal sealed record VerdictFact(string Part, IReadOnlyList<string> Clients, string Summary, IReadOnlyList<(string Name, string? Value)> Fields)
{
    internal bool Says(VerdictFact other) => Fields.SequenceEqual(other.Fields);
}

/// <summary>What verdicts are about: a service (without a kind), a workload or a namespace.</summary>
internal readonly record struct VerdictSubject(string Kind, string Namespace, string Name) : IComparable<VerdictSubject>
{
    public int CompareTo(VerdictSubject other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        if (order == 0)
            order = string.CompareOrdinal(Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(Kind, other.Kind);
    }

    public override string ToString() => (Kind.Length == 0 ? "" : Kind + " ") + (Namespace.Length == 0 ? Name : $"{Namespace}/{Name}");
}

/// <summary>The verdicts of one area over one state.</summary>
/// <param name="Subjects">All subjects.</param>
/// <param name="Facts">The verdicts about one of them.</param>
internal sealed record VerdictSource(IEnumerable<VerdictSubject> Subjects, Func<VerdictSubject, IEnumerable<VerdictFact>> Facts)
{
    /// <summary>Verdicts that are all made at once.</summary>
    internal static VerdictSource Of(IEnumerable<(VerdictSubject Subject, VerdictFact Fact)> facts)
    {
        var bySubject = facts.ToLookup(item => item.Subject, item => item.Fact);
        return new VerdictSource(bySubject.Select(group => group.Key), subject => bySubject[subject]);
    }
}
