namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Where a route leads, or where copies of its requests go.</summary>
/// <param name="Host">The full host name.</param>
/// <param name="Port">The service port.</param>
/// <param name="Subset">The subset; null for the whole service.</param>
/// <param name="Percent">The share of requests in percent, 0 to 100.</param>
/// <param name="IsKnown">False where the clients do not see the service or the port: such requests fail with 503.</param>
public sealed record MeshRouteDestination(string Host, int Port, string? Subset, double Percent, bool IsKnown)
{
    /// <summary>Short, as people write it: <c>tenant.shop:80/v1 27%</c>.</summary>
    public override string ToString()
    {
        var end = Host.IndexOf(".svc.", StringComparison.Ordinal);
        var name = $"{(end > 0 ? Host[..end] : Host)}:{Port}{(Subset is null ? "" : $"/{Subset}")}";
        return Percent < 100 ? FormattableString.Invariant($"{name} {Percent:0.##}%") : name;
    }
}
