using System.Globalization;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>Where copies of a route's requests go; their answers are thrown away.</summary>
/// <param name="Host">The host, completed with namespace and cluster domain.</param>
/// <param name="Subset">The subset of the DestinationRule; empty for the whole service.</param>
/// <param name="Percent">The share of the requests that is copied, 0 to 100.</param>
/// <param name="ReadyEndpoints">The ready endpoints behind it; null where the host is no service of the cluster.</param>
public sealed record TrafficMirror(string Host, string Subset, double Percent, int? ReadyEndpoints)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Subset.Length > 0 ? Subset : Host.Split('.')[0])} {Percent:0.##}%");
}
