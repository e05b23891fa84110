namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0301 to VCM0329: services, pods and Deployments that the mesh takes otherwise than their author meant.</summary>
public static class WorkloadFindings
{
    private const string Protocols = "https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/";
    private const string Pods = "https://istio.io/latest/docs/ops/deployment/application-requirements/";
    private const string Injection = "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/";
    private const string Annotations = "https://istio.io/latest/docs/reference/config/annotations/";

    /// <summary>A port whose name tells no protocol.</summary>
    public static readonly FindingRule PortNameUnknown = new(
        "VCM0301", FindingSeverity.Info,
        "The name '{0}' of port {1} tells no protocol: proxies find it out from the first bytes.",
        "The name is the protocol, perhaps with a dash and more: http, http-web, grpc, tcp-db. Looking at the first bytes costs time, and breaks protocols where the server speaks first.",
        "Rename the port, or write appProtocol.",
        Protocols) { SameAs = ["IST0118", "KIA0601"] };

    /// <summary>An application protocol that Istio does not know.</summary>
    public static readonly FindingRule AppProtocolUnknown = new(
        "VCM0302", FindingSeverity.Info,
        "appProtocol '{0}' of port {1} is none that Istio knows: proxies find the protocol out from the first bytes.",
        "appProtocol comes before the name of the port.",
        "Write a protocol that Istio knows: http, http2, grpc, https, tls, tcp, kubernetes.io/h2c.",
        Protocols) { SameAs = ["IST0118", "KIA0602"] };

    /// <summary>A port of an ExternalName service that catches too much.</summary>
    public static readonly FindingRule ExternalNamePort = new(
        "VCM0303", FindingSeverity.Warning,
        "Port {1} ('{0}') of an ExternalName service is taken as TCP: every connection to this port may go there.",
        "An ExternalName service has no address, so TCP for it can only be told by port.",
        "Name the port after a protocol that tells the host: http, https, tls.",
        Protocols) { SameAs = ["IST0150"] };

    /// <summary>Two protocols on one port of a workload.</summary>
    public static readonly FindingRule PortProtocolsConflict = new(
        "VCM0304", FindingSeverity.Warning,
        "The services {0} use port {1} with different protocols for these pods.",
        "Istio cannot serve one port of a pod in two protocols.",
        "Give the services different ports, or one protocol.",
        Pods) { SameAs = ["IST0116"] };

    /// <summary>Two service ports for one port of a workload.</summary>
    public static readonly FindingRule TargetPortConflict = new(
        "VCM0305", FindingSeverity.Warning,
        "The services {0} lead to the port {1} of these pods from different ports ({2}).",
        "A pod's port belongs to one service for what comes in; which one is not defined.",
        "Use the same port in these services, or one service.",
        Pods) { SameAs = ["IST0137"] };

    /// <summary>An application with the proxy's user.</summary>
    public static readonly FindingRule ProxyUser = new(
        "VCM0306", FindingSeverity.Warning,
        "A container of the application runs as user 1337.",
        "1337 is the proxy's user: what it sends is not caught, so the application goes around the mesh.",
        "Use another user.",
        Pods) { SameAs = ["IST0144"] };

    /// <summary>A Deployment that waits for an injection that does not come.</summary>
    public static readonly FindingRule AutoImageDeployment = new(
        "VCM0307", FindingSeverity.Warning,
        "A container has the image 'auto', and no webhook of Istio is for these pods.",
        "The injector replaces 'auto'. Without it Kubernetes looks for an image of that name.",
        "Label namespace or pods for injection, or install the control plane first.",
        Injection) { SameAs = ["IST0146"] };

    /// <summary>A pod that was not injected.</summary>
    public static readonly FindingRule AutoImagePod = new(
        "VCM0308", FindingSeverity.Error,
        "A container has the image 'auto': the pod was not injected and cannot start.",
        "The injector replaces 'auto' when the pod is created.",
        "Label namespace or pod for injection, and create it anew.",
        Injection) { SameAs = ["IST0147"] };

    /// <summary>Injection without a label.</summary>
    public static readonly FindingRule InjectedByDefault = new(
        "VCM0309", FindingSeverity.Info,
        "The namespace has no label and is injected all the same.",
        "The control plane is installed with enableNamespacesByDefault.",
        "Label it istio-injection=disabled where it stays outside of the mesh.",
        Injection) { SameAs = ["IST0148"] };

    /// <summary>Proxies of another version.</summary>
    public static readonly FindingRule ProxyImageDiffers = new(
        "VCM0310", FindingSeverity.Warning,
        "{0} pods have another proxy than would be injected now ({1}): {2}.",
        "Pods keep the proxy that they were created with; after an upgrade of the control plane they have the old one.",
        "Restart the workloads.",
        "https://istio.io/latest/docs/setup/upgrade/canary/#data-plane") { SameAs = ["IST0158"] };

    /// <summary>An annotation that Istio does not know.</summary>
    public static readonly FindingRule AnnotationUnknown = new(
        "VCM0311", FindingSeverity.Warning,
        "Istio has no annotation {0}.",
        "An annotation that nobody reads has no effect.",
        "Correct or remove it.",
        Annotations) { SameAs = ["IST0108"] };

    /// <summary>An annotation where nobody looks for it.</summary>
    public static readonly FindingRule AnnotationMisplaced = new(
        "VCM0312", FindingSeverity.Warning,
        "The annotation {0} is for {1}.",
        "An annotation counts on the kinds it is made for; one for pods belongs into spec.template.metadata of a workload.",
        "Move it there.",
        Annotations) { SameAs = ["IST0107"] };

    /// <summary>An annotation that Istio drops.</summary>
    public static readonly FindingRule AnnotationDeprecated = new(
        "VCM0313", FindingSeverity.Info,
        "The annotation {0} is deprecated.",
        "A later version of Istio may not read it any more.",
        "Use what replaces it; for sidecar.istio.io/inject, the label of that name.",
        Annotations) { SameAs = ["IST0135"] };

    /// <summary>An annotation with a wrong value.</summary>
    public static readonly FindingRule AnnotationInvalid = new(
        "VCM0314", FindingSeverity.Warning,
        "The annotation {0} cannot be '{1}'; expected {2}.",
        "The injector refuses such a value: the pod is not created.",
        "Correct the value.",
        Annotations) { SameAs = ["IST0125"] };

    /// <summary>What a controller could not do.</summary>
    public static readonly FindingRule ConditionNegative = new(
        "VCM0315", FindingSeverity.Warning,
        "{0} is {1} ({2}): {3}",
        "A controller says in the status that it could not do what the object asks for.",
        "Correct what the message names.",
        "https://istio.io/latest/docs/reference/config/meta/v1beta1/istio-status/") { SameAs = ["IST0171"] };

    /// <summary>A target port that no container has.</summary>
    public static readonly FindingRule TargetPortUnknown = new(
        "VCM0316", FindingSeverity.Warning,
        "Port {0} leads to the port '{1}', and no container of the service's pods has a port of that name: it leads nowhere.",
        "A named targetPort is looked up among the ports that the containers of a pod list; a pod without it is no endpoint of the port.",
        "Correct the name, or write the number.",
        "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports") { SameAs = ["KIA0701"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        PortNameUnknown, AppProtocolUnknown, ExternalNamePort, PortProtocolsConflict, TargetPortConflict, ProxyUser, AutoImageDeployment, AutoImagePod,
        InjectedByDefault, ProxyImageDiffers, AnnotationUnknown, AnnotationMisplaced, AnnotationDeprecated, AnnotationInvalid, ConditionNegative,
        TargetPortUnknown,
    ];
}
