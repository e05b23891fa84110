using System.Globalization;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>How the requests for a service are to be split.</summary>
public sealed record TrafficSplitRequest
{
    /// <summary>The service: a name in <see cref="Namespace"/>, or a full host.</summary>
    public required string Service { get; init; }

    /// <summary>The namespace of the service and of its VirtualService.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService's name; null: the one that has the service as a host.</summary>
    public string? VirtualService { get; init; }

    /// <summary>Name or place (from 0) of the HTTP route; null: the only one that leads to the service.</summary>
    public string? Route { get; init; }

    /// <summary>
    /// Which requests the route takes, as <see cref="MeshTrafficSplit.Match"/> says: tells which one is meant where routes in front of it have come
    /// or gone since. Null: <see cref="Route"/> alone tells.
    /// </summary>
    public string? Match { get; init; }

    /// <summary>The weight of each subset in percent, as texts; the sum is 100. Null: the weights stay.</summary>
    public IReadOnlyDictionary<string, string>? Weights { get; init; }

    /// <summary>Headers with exact values: requests that have all of them go to <see cref="Subset"/>. Null: nothing changes for headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The subset for requests with the headers.</summary>
    public string? Subset { get; init; }

    /// <summary>Whether the route for the headers goes.</summary>
    public bool RemoveHeader { get; init; }

    /// <summary>The subset that gets copies; null: mirroring stays as it is.</summary>
    public string? Mirror { get; init; }

    /// <summary>The share of requests that is copied, 0 to 100.</summary>
    public double MirrorPercentage { get; init; } = 100;

    /// <summary>Whether mirroring ends.</summary>
    public bool RemoveMirror { get; init; }

    /// <summary>Whether a VirtualService is changed that a tool keeps as it wants it.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is asked for but to take away, which is done already where nothing is there.</summary>
    internal bool OnlyRemoves => !Subsets.Any();

    /// <summary>The subsets that requests are sent to.</summary>
    internal IEnumerable<string> Subsets => new[] { Subset, Mirror }.OfType<string>().Concat(Weights?.Keys ?? []).Distinct(StringComparer.Ordinal);

    /// <summary>The weights as numbers.</summary>
    /// <exception cref="MeshException"><c>TrafficWeightInvalid</c>, <c>TrafficWeightSum</c>.</exception>
    internal IReadOnlyDictionary<string, int> Shares()
    {
        var shares = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (subset, text) in Weights ?? new Dictionary<string, string>())
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight > 100)
                throw TrafficErrors.WeightInvalid(subset, text);
            shares[subset] = weight;
        }

        return shares.Values.Sum() is 100 || Weights is null ? shares : throw TrafficErrors.WeightSum(shares);
    }

    /// <summary>Finds what contradicts itself before anything is asked.</summary>
    /// <exception cref="MeshException">Such as <c>TrafficSplitEmpty</c>, <c>TrafficWeightSum</c>, <c>TrafficHeaderIncomplete</c>.</exception>
    internal void Check()
    {
        if (Weights is null && Headers is null && Subset is null && Mirror is null && !RemoveMirror)
            throw TrafficErrors.Empty(Service);
        Shares();
        if ((Headers is null or { Count: 0 }) != (Subset is null && !RemoveHeader) || (Subset is not null && RemoveHeader))
            throw TrafficErrors.HeaderIncomplete(Service);
        foreach (var name in Headers?.Keys ?? [])
        {
            if (!TextRule.HeaderName.Accepts(name.ToLowerInvariant()))
                throw TrafficErrors.HeaderInvalid(name);
        }
    }
}
