namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a time-out's verdict says to people.</summary>
internal static class MeshTimeoutText
{
    internal static IEnumerable<string> Reasons(
        TimeSpan? timeout, RouteRetries? retries, TimeSpan? tries, IEnumerable<MeshRouteDestination> destinations, IEnumerable<MeshRouteDestination> mirrors)
    {
        if (timeout is { } limit && tries is { } together && together > limit)
            yield return $"{retries!.Count + 1} tries of {Text(retries.PerTryTimeout!.Value)} take up to {Text(together)} with the waits between them; the time-out of {Text(limit)} ends them before.";
        foreach (var destination in destinations.Where(destination => !destination.IsKnown))
            yield return $"Clients do not know {destination.Host}:{destination.Port}: requests to it fail with 503.";
        foreach (var mirror in mirrors.Where(mirror => !mirror.IsKnown))
            yield return $"Clients do not know {mirror.Host}:{mirror.Port}: copies to it are lost.";
    }

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{Math.Round(time.TotalSeconds, 3)} s");
}
