namespace VoiceCore.Istio.Core.Resolution;

/// <summary>How destinations share requests. Source: <c>applyHTTPRouteDestination</c> in pilot/pkg/networking/core/route/route.go.</summary>
internal static class RouteShare
{
    /// <summary>The shares in percent, in the order of the weights. A single destination gets everything, whatever its weight; of several, those of weight 0 get nothing.</summary>
    internal static double[] Percents(IEnumerable<int> weights)
    {
        var all = weights.ToArray();
        var total = all.Sum(weight => (double)weight);
        return all.Length == 1 ? [100] : Array.ConvertAll(all, weight => total > 0 ? 100 * weight / total : 0);
    }
}
