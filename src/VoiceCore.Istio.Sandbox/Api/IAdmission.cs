using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>What is done to an object.</summary>
public enum AdmissionOperation
{
    /// <summary>It is created.</summary>
    Create,

    /// <summary>It is changed.</summary>
    Update,

    /// <summary>It is deleted.</summary>
    Delete,
}

/// <summary>A write that is about to be stored, or with dry run only answered.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Object">The object; an admission may change it. Of a deletion, the object that goes.</param>
/// <param name="Before">The object as it was; null of a creation. Not to be changed.</param>
/// <param name="DryRun">True where nothing is stored: side effects are not allowed.</param>
public sealed record AdmissionRequest(AdmissionOperation Operation, ResourceKind Kind, JsonObject Object, JsonObject? Before, bool DryRun);

/// <summary>Looks at every write before it is stored, as admission plugins and webhooks do: may change it or refuse it.</summary>
public interface IAdmission
{
    /// <summary>Admits a write. Called with dry runs too. Subresources such as <c>status</c> are not admitted.</summary>
    /// <exception cref="ApiException">The write is refused with this answer.</exception>
    void Admit(AdmissionRequest request, SandboxCluster cluster);
}
