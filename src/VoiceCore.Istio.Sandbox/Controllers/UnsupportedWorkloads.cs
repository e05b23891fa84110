using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>Refuses what would be stored and never run.</summary>
internal sealed class UnsupportedWorkloads : IAdmission
{
    public void Admit(AdmissionRequest request, SandboxCluster cluster)
    {
        if (request.Operation == AdmissionOperation.Create && request.Kind is { Group: "apps", Kind: "StatefulSet" or "DaemonSet" } or { Group: "batch" })
            throw ApiErrors.NotImplemented($"the controller of {request.Kind.QualifiedPlural}");
    }
}
