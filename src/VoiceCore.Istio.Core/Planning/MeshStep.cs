using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>One step of carrying a plan out: what was done, or why it failed.</summary>
/// <param name="Row">The object, as it came out; null where the failure is of no single object.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record MeshStep(PlanRow? Row, MeshException? Error = null);
