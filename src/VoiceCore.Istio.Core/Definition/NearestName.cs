namespace VoiceCore.Istio.Core.Definition;

/// <summary>Finds what was probably meant by a mistyped name.</summary>
internal static class NearestName
{
    // Longer than any key; a longer name is no slip of the pen, and the comparison grows with the square of the length.
    private const int MaxLength = 64;

    /// <summary>The known name that the fewest slips turn into <paramref name="name"/>; null where it takes more than a third of its letters.</summary>
    internal static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
            return null;

        var best = known
            .Select(candidate => (candidate, slips: Slips(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(match => match.slips)
            .FirstOrDefault();
        return best.candidate is not null && best.slips <= Math.Max(1, best.candidate.Length / 3) ? best.candidate : null;
    }

    /// <summary>Number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Slips(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            cost[0, j] = j;

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[from.Length, to.Length];
    }
}
