using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>Tries what istiod's webhooks are for, with <c>dryRun=All</c>: nothing is stored.</summary>
internal sealed class AdmissionProbe(KubernetesApi api)
{
    private const string ValidatorEnding = "validation.istio.io";

    /// <summary>A pod in a namespace: whether it gets a sidecar of the revision.</summary>
    internal async Task<InstallationCheck> InjectAsync(string @namespace, string revision, CancellationToken cancellationToken)
    {
        var name = $"Namespace {@namespace}";
        try
        {
            var pod = await api.CreateAsync(InjectionProbe.Pod(@namespace), new WriteOptions { DryRun = true }, cancellationToken);
            return InjectionProbe.RevisionOf(pod) == revision
                ? InstallationCheck.Ok(InstallationAspect.Injection, name, $"A pod that was tried gets a sidecar of revision {revision}.")
                : InstallationCheck.Failed(InstallationAspect.Injection, name, $"A pod that was tried gets no sidecar of revision {revision}.");
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.AdmissionWebhookFailed))
        {
            return InstallationCheck.Failed(InstallationAspect.Injection, name, error.Message);
        }
        catch (MeshException error) when (InjectionProbe.IsRefusal(error) || InjectionProbe.MayComeYet(error))
        {
            // Policies of the cluster, or the caller's rights, stand before the webhook.
            return InstallationCheck.Unknown(InstallationAspect.Injection, name, $"A pod could not be tried: {error.Message}");
        }
    }

    /// <summary>
    /// A Gateway without servers, which istiod must refuse: it tries the same itself before it closes its webhook
    /// (<c>pkg/webhooks/validation/controller</c>).
    /// </summary>
    internal async Task<InstallationCheck> ValidateAsync(WebhookConfiguration configuration, string @namespace, CancellationToken cancellationToken)
    {
        var name = WebhookCheck.NameOf(configuration);
        var revision = configuration.Webhooks.Any(webhook => IsValidator(webhook) && webhook.ObjectSelector.Matches(LabelSet.Empty)) ? null : configuration.Labels[IstioNames.Revision];
        try
        {
            await api.CreateAsync(InvalidGateway(@namespace, revision), new WriteOptions { DryRun = true }, cancellationToken);
            return InstallationCheck.Failed(InstallationAspect.Validation, name, "An invalid Gateway that was tried was let in.");
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.AdmissionDenied) && error.Message.Contains(ValidatorEnding, StringComparison.Ordinal))
        {
            return InstallationCheck.Ok(InstallationAspect.Validation, name, "An invalid Gateway that was tried was refused.");
        }
        catch (MeshException error) when (error.Id is nameof(KubernetesText.AdmissionWebhookFailed) or nameof(KubernetesText.ResourceNotServed))
        {
            return InstallationCheck.Failed(InstallationAspect.Validation, name, error.Message);
        }
        catch (MeshException error) when (error.Id is nameof(KubernetesText.AdmissionDenied) or nameof(KubernetesText.ClusterForbidden) or nameof(KubernetesText.ObjectInvalid))
        {
            return InstallationCheck.Unknown(InstallationAspect.Validation, name, $"An invalid Gateway could not be tried: {error.Message}");
        }
    }

    /// <summary>Whether a webhook validates Istio's objects.</summary>
    internal static bool IsValidator(Webhook webhook) => webhook.Name.EndsWith(ValidatorEnding, StringComparison.Ordinal);

    private static KubernetesObject InvalidGateway(string @namespace, string? revision)
    {
        var metadata = new JsonObject { ["name"] = "voicecore-mesh-probe", ["namespace"] = @namespace };
        if (revision is not null)
            metadata["labels"] = new JsonObject { [IstioNames.Revision] = revision };
        return new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "networking.istio.io/v1beta1",
            ["kind"] = "Gateway",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject(),
        });
    }
}
