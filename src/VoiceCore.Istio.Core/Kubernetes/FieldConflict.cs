namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>A field that server-side apply did not change because another manager owns it.</summary>
/// <param name="Manager">The owner's field manager, such as <c>kubectl-edit</c>.</param>
/// <param name="Field">The field's path as the API server writes it, such as <c>.spec.host</c>.</param>
public sealed record FieldConflict(string Manager, string Field);

/// <summary>What server-side apply came to: the object, or the conflicts that kept it from being applied.</summary>
/// <param name="Object">The object as it is (or with dry run would be) afterwards; null where there are conflicts.</param>
/// <param name="Conflicts">The fields that others own; empty where it was applied.</param>
public sealed record ApplyOutcome(KubernetesObject? Object, IReadOnlyList<FieldConflict> Conflicts);
