namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// The share of one pod in the limit of a service. It is computed from the greatest number of replicas, so that the service never gets more
/// than the limit, however far it is scaled out. With fewer replicas it gets less: <see cref="At"/> says how much.
/// </summary>
/// <param name="Limit">The limit of the service.</param>
/// <param name="MaximumReplicas">The greatest number of replicas.</param>
public sealed record RateLimitShare(int Limit, int MaximumReplicas)
{
    /// <summary>Requests in an interval of one pod: rounded down, at least one.</summary>
    public int PerPod => Math.Max(1, Limit / MaximumReplicas);

    /// <summary>What the service as a whole admits in an interval with so many replicas.</summary>
    public int At(int replicas) => (int)Math.Min(int.MaxValue, (long)PerPod * replicas);
}
