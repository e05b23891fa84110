using System.Globalization;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>Where a part of a route's requests goes.</summary>
/// <param name="Host">The destination's host, completed with namespace and cluster domain.</param>
/// <param name="Subset">The subset of the DestinationRule; empty for the whole service.</param>
/// <param name="Port">The service port; 0 for the port of the request.</param>
/// <param name="Weight">The weight as written; 0 where none is.</param>
/// <param name="Percent">The share that Envoy really sends there, 0 to 100.</param>
/// <param name="ReadyEndpoints">The ready endpoints behind it; null where the host is no service of the cluster.</param>
public sealed record TrafficShare(string Host, string Subset, int Port, int Weight, double Percent, int? ReadyEndpoints)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Subset.Length > 0 ? Subset : Host.Split('.')[0])} {Percent:0.##}%");
}
