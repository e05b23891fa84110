using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A policy with what was made of it.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Cause">Why.</param>
/// <param name="Reason">Why, in a sentence or two.</param>
/// <param name="Effect">What it brings; empty where it is rejected.</param>
internal sealed record PolicyJudgement(IstioObject Policy, PolicyCause Cause, string Reason, string Effect = "")
{
    internal bool Kept => Cause is PolicyCause.Applies or PolicyCause.Merged;
}

/// <summary>Why a policy is not for a workload.</summary>
/// <param name="Cause">In one word.</param>
/// <param name="Reason">In one sentence.</param>
public sealed record PolicyRejection(PolicyCause Cause, string Reason);
