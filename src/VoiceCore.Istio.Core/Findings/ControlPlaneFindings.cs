namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0331 to VCM0349: EnvoyFilters, webhooks and settings of the control plane.</summary>
public static class ControlPlaneFindings
{
    private const string Filters = "https://istio.io/latest/docs/reference/config/networking/envoy-filter/";
    private const string External = "https://istio.io/latest/docs/setup/install/external-controlplane/";

    /// <summary>A patch that depends on an order that nobody promises.</summary>
    public static readonly FindingRule PatchRelative = new(
        "VCM0331", FindingSeverity.Warning,
        "Patch {0} ({1}) depends on another filter, and the EnvoyFilter has no priority.",
        "Filters without priority are applied in the order of their age; what such a patch refers to may not be there yet.",
        "Write priority, or use INSERT_FIRST or ADD.",
        Filters) { SameAs = ["IST0151"] };

    /// <summary>A patch whose order an upgrade changes.</summary>
    public static readonly FindingRule PatchRelativeToVersion = new(
        "VCM0332", FindingSeverity.Warning,
        "Patch {0} ({1}) depends on a filter that another patch makes for one proxy version only, and the EnvoyFilter has no priority.",
        "During an upgrade proxies of two versions run; what the patch refers to may be missing in one of them.",
        "Write priority, or use INSERT_FIRST or ADD.",
        Filters) { SameAs = ["IST0155"] };

    /// <summary>A replacement of what cannot be replaced.</summary>
    public static readonly FindingRule PatchCannotReplace = new(
        "VCM0333", FindingSeverity.Error,
        "Patch {0}: REPLACE is ignored for {1}.",
        "REPLACE is for HTTP filters, network filters and virtual hosts only.",
        "Use MERGE, or REMOVE and ADD.",
        Filters) { SameAs = ["IST0152"] };

    /// <summary>An addition that is ignored.</summary>
    public static readonly FindingRule PatchCannotAdd = new(
        "VCM0334", FindingSeverity.Error,
        "Patch {0}: ADD is ignored for {1}.",
        "Route configurations and routes cannot be added.",
        "Use INSERT_FIRST or MERGE.",
        Filters) { SameAs = ["IST0153"] };

    /// <summary>A removal that is ignored.</summary>
    public static readonly FindingRule PatchCannotRemove = new(
        "VCM0335", FindingSeverity.Error,
        "Patch {0}: REMOVE is ignored for {1}.",
        "Route configurations and routes cannot be removed.",
        "Use MERGE.",
        Filters) { SameAs = ["IST0154"] };

    /// <summary>Two webhooks that inject the same pods.</summary>
    public static readonly FindingRule WebhooksOverlap = new(
        "VCM0341", FindingSeverity.Error,
        "Webhook {0} is called for pods that {1} is called for as well: they are injected twice.",
        "Each webhook whose selectors match is called; Istio's charts make selectors that exclude each other.",
        "Remove the webhook configuration of the control plane that is gone, or the second default.",
        "https://istio.io/latest/docs/setup/upgrade/canary/") { SameAs = ["IST0139"] };

    /// <summary>A webhook without an address.</summary>
    public static readonly FindingRule WebhookWithoutAddress = new(
        "VCM0342", FindingSeverity.Warning,
        "Webhook {0} names neither a service nor a usable address ('{1}').",
        "The API server cannot call it.",
        "Write the URL of the external control plane, or install the control plane anew.",
        External) { SameAs = ["IST0163"] };

    /// <summary>A webhook with an IP in its address.</summary>
    public static readonly FindingRule WebhookAddressIsIp = new(
        "VCM0343", FindingSeverity.Info,
        "Webhook {0} is called at {1}, an IP address.",
        "An IP address may change, and certificates are made for names.",
        "Use a host name.",
        External) { SameAs = ["IST0164"] };

    /// <summary>Keys that may be fetched from anywhere.</summary>
    public static readonly FindingRule JwksUnrestricted = new(
        "VCM0344", FindingSeverity.Warning,
        "{0} RequestAuthentications exist, and istiod may fetch keys from every address ({1}).",
        "istiod itself fetches jwksUri: whoever may write a RequestAuthentication can make it call addresses inside the network.",
        "Set values.pilot.env.BLOCKED_CIDRS_IN_JWKS_URIS, in a definition under controlPlane.settings, to the ranges that istiod shall not call.",
        "https://istio.io/latest/docs/reference/commands/pilot-discovery/") { SameAs = ["IST0175"] };

    /// <summary>A kind of the Gateway API that is too old to be read.</summary>
    public static readonly FindingRule DefinitionTooOld = new(
        "VCM0345", FindingSeverity.Warning,
        "{0} is of Gateway API {1}; Istio 1.31 and later read this kind from {2} on.",
        "Objects of a kind whose definition is too old are passed over: their routes do not exist for the mesh.",
        "Install the CustomResourceDefinitions of Gateway API {2} or later.",
        "https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#setup") { SameAs = ["IST0156", "IST0172", "IST0176"] };

    /// <summary>A kind that Istio has dropped.</summary>
    public static readonly FindingRule DefinitionDropped = new(
        "VCM0346", FindingSeverity.Warning,
        "{0} is a kind that Istio has dropped: its objects have no effect.",
        "AuthorizationPolicy replaced the kinds of rbac.istio.io in Istio 1.6.",
        "Express what the objects say as AuthorizationPolicies, and delete the CustomResourceDefinition.",
        "https://istio.io/latest/docs/reference/config/security/authorization-policy/") { SameAs = ["IST0002"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        PatchRelative, PatchRelativeToVersion, PatchCannotReplace, PatchCannotAdd, PatchCannotRemove, WebhooksOverlap, WebhookWithoutAddress,
        WebhookAddressIsIp, JwksUnrestricted, DefinitionTooOld, DefinitionDropped,
    ];
}
