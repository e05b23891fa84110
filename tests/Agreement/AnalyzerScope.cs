using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Agreement;

/// <summary>The rules of Core that mean what an analyzer of Istio means. An analyzer that is not here has no counterpart.</summary>
internal static class AnalyzerScope
{
    private static readonly Dictionary<string, FindingRule[]> ByAnalyzer = new(StringComparer.Ordinal)
    {
        ["annotations.K8sAnalyzer"] =
            [WorkloadFindings.AnnotationUnknown, WorkloadFindings.AnnotationMisplaced, WorkloadFindings.AnnotationDeprecated, WorkloadFindings.AnnotationInvalid],
        ["authn.BlockedCIDRsAnalyzer"] = [ControlPlaneFindings.JwksUnrestricted],
        ["authz.AuthorizationPoliciesAnalyzer"] = [MeshFindings.SelectorWithoutPods, PolicyFindings.NamespaceUnknown],
        ["conditions.ConditionAnalyzer"] = [WorkloadFindings.ConditionNegative],
        ["deployment.ApplicationUIDAnalyzer"] = [WorkloadFindings.ProxyUser],
        ["deployment.ServiceAssociationAnalyzer"] = [WorkloadFindings.PortProtocolsConflict, WorkloadFindings.TargetPortConflict],
        ["deprecation.FieldAnalyzer"] = [RouteFindings.DeprecatedField, ControlPlaneFindings.DefinitionDropped],
        ["destinationrule.CaCertificateAnalyzer"] = [TlsFindings.ServerNotVerified, TlsFindings.ServerNotVerifiedAtPort],
        ["destinationrule.PodNotSelectedAnalyzer"] = [MeshFindings.RuleHostUnknown, MeshFindings.SubsetWithoutPods],
        ["envoyfilter.EnvoyPatchAnalyzer"] =
        [
            ControlPlaneFindings.PatchRelative, ControlPlaneFindings.PatchRelativeToVersion, ControlPlaneFindings.PatchCannotReplace,
            ControlPlaneFindings.PatchCannotAdd, ControlPlaneFindings.PatchCannotRemove,
        ],
        ["externalcontrolplane.ExternalControlPlaneAnalyzer"] = [ControlPlaneFindings.WebhookWithoutAddress, ControlPlaneFindings.WebhookAddressIsIp],
        ["gateway.CertificateAnalyzer"] = [RouteFindings.CertificateShared],
        ["gateway.ConflictingGatewayAnalyzer"] = [RouteFindings.GatewaysConflict],
        ["gateway.IngressGatewayPortAnalyzer"] = [MeshFindings.GatewayWithoutPods, RouteFindings.GatewayPortUnserved],
        ["injection.Analyzer"] =
            [MeshFindings.NamespaceSilent, MeshFindings.PodWithoutProxy, MeshFindings.InjectionLabelConflict, WorkloadFindings.InjectedByDefault],
        ["injection.ImageAnalyzer"] = [WorkloadFindings.ProxyImageDiffers],
        ["injection.ImageAutoAnalyzer"] = [WorkloadFindings.AutoImageDeployment, WorkloadFindings.AutoImagePod],
        // The other codes of this meaning are those of istioctl experimental precheck.
        ["k8sgateway.CRDVersionAnalyzer"] = [ControlPlaneFindings.DefinitionTooOld with { SameAs = ["IST0176"] }],
        ["k8sgateway.SelectorAnalyzer"] = [PolicyFindings.SelectorOnGateway],
        ["schema.ValidationAnalyzer"] = [RouteFindings.RouteUnreachable, RouteFindings.MatchIneffective],
        ["service.PortNameAnalyzer"] = [WorkloadFindings.PortNameUnknown, WorkloadFindings.AppProtocolUnknown, WorkloadFindings.ExternalNamePort],
        ["serviceentry.ConflictingServiceEntryProtocolAnalyzer"] = [RouteFindings.EntryProtocolConflict],
        ["serviceentry.ProtocolAddressesAnalyzer"] = [RouteFindings.EntryAddressMissing],
        ["sidecar.SelectorAnalyzer"] =
            [MeshFindings.SidecarWithoutPods, MeshFindings.SidecarTwice, MeshFindings.SidecarOverlap, PolicyFindings.SidecarInAmbient],
        ["telemetry.DefaultSelectorAnalyzer"] = [PolicyFindings.TelemetryTwice],
        ["telemetry.LightstepAnalyzer"] = [PolicyFindings.ProviderDeprecated],
        ["telemetry.ProviderAnalyzer"] = [PolicyFindings.LogWithoutProvider],
        ["telemetry.SelectorAnalyzer"] = [PolicyFindings.TelemetryOverlap, PolicyFindings.TelemetryWithoutPods],
        ["virtualservice.ConflictingMeshGatewayHostsAnalyzer"] = [MeshFindings.HostTwice],
        ["virtualservice.DestinationHostAnalyzer"] =
            [MeshFindings.RouteHostUnknown, RouteFindings.PortUnknown, RouteFindings.PortAmbiguous, RouteFindings.SubsetIgnored],
        ["virtualservice.DestinationRuleAnalyzer"] = [MeshFindings.RouteSubsetUnknown],
        ["virtualservice.GatewayAnalyzer"] = [MeshFindings.GatewayUnknown, RouteFindings.HostNotInGateway, RouteFindings.InternalGateway],
        ["virtualservice.JWTClaimRouteAnalyzer"] = [RouteFindings.ClaimUnverified],
        ["webhook.Analyzer"] = [MeshFindings.DanglingWebhook, ControlPlaneFindings.WebhooksOverlap],
    };

    /// <summary>Validation has one analyzer for each kind; all mean the same here.</summary>
    internal static IReadOnlyList<FindingRule> Rules(string analyzer) =>
        ByAnalyzer.GetValueOrDefault(analyzer.StartsWith("schema.", StringComparison.Ordinal) ? "schema.ValidationAnalyzer" : analyzer) ?? [];
}
