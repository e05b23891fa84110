using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>Whether Istio's kinds are served: pure.</summary>
internal static class KindCheck
{
    /// <summary>The CustomResourceDefinitions that every Istio from 1.20 on brings (<c>manifests/charts/base</c> of each release).</summary>
    internal static IReadOnlyList<ObjectReference> Expected { get; } =
    [
        .. new[]
        {
            "wasmplugins.extensions.istio.io",
            "destinationrules.networking.istio.io", "envoyfilters.networking.istio.io", "gateways.networking.istio.io", "proxyconfigs.networking.istio.io",
            "serviceentries.networking.istio.io", "sidecars.networking.istio.io", "virtualservices.networking.istio.io", "workloadentries.networking.istio.io",
            "workloadgroups.networking.istio.io",
            "authorizationpolicies.security.istio.io", "peerauthentications.security.istio.io", "requestauthentications.security.istio.io",
            "telemetries.telemetry.istio.io",
        }.Select(name => new ObjectReference("apiextensions.k8s.io", "CustomResourceDefinition", null, name)),
    ];

    internal static InstallationCheck Of(ObjectReference reference, KubernetesObject? definition)
    {
        if (definition is null)
            return Failed("It does not exist. Install the control plane again: objects of the kind are gone and must come from a backup or from the definition.");
        if (!ObjectStatus.HasCondition(definition, "NamesAccepted"))
            return Failed("Its names are taken by another definition.");
        if (!ObjectStatus.HasCondition(definition, "Established"))
            return Failed("The API server does not serve it.");
        var served = (definition.Json["spec"]?["versions"] as JsonArray ?? []).Where(version => (bool?)version?["served"] == true).Select(version => (string?)version!["name"]).ToArray();
        return served.Length == 0 ? Failed("No version of it is served.") : InstallationCheck.Ok(InstallationAspect.Kind, reference.ToString(), $"Served as {string.Join(", ", served)}.");

        InstallationCheck Failed(string message) => InstallationCheck.Failed(InstallationAspect.Kind, reference.ToString(), message);
    }
}
