using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Renders a definition to the manifests of a mesh. Pure: the same definition and options give the same files, byte for byte.
/// </summary>
public static class MeshRenderer
{
    /// <summary>
    /// Renders a definition. What the definition asks for and Istio would defeat is rendered in the form that works;
    /// <see cref="RenderedMesh.Findings"/> tells each place (<see cref="DefinitionRules"/>).
    /// </summary>
    /// <exception cref="MeshException"><c>DefinitionContradictory</c> or <c>RevisionInvalid</c>.</exception>
    public static RenderedMesh Render(MeshDefinition definition, RenderOptions options)
    {
        if (!TextRule.DnsLabel.Accepts(options.Revision))
            throw DefinitionErrors.RevisionInvalid(options.Revision);
        var findings = DefinitionRules.Check(definition);
        if (findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
            throw DefinitionErrors.Contradictory(error);

        var manifest = new Manifest(definition);
        RenderedFile[] files =
        [
            new RenderedFile(
                "namespace-injection.yaml",
                "The namespaces of the mesh. An injected one names the revision of the control plane that injects its pods.",
                [.. NamespaceRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "istio-installation.yaml",
                "The control plane: istiod alone. For istioctl install; not for kubectl.",
                [ControlPlaneRenderer.Installation(definition, manifest, options)]),
            new RenderedFile(
                "certificate-rotation.yaml",
                "The life of workload certificates: an overlay to istio-installation.yaml, given to istioctl as a second file.",
                [ControlPlaneRenderer.CertificateOverlay(definition, manifest)]),
            new RenderedFile(
                "mtls-policy.yaml",
                "Mutual TLS: one policy for the mesh, one for each service.",
                [.. PolicyRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "zero-trust.yaml",
                "Who may call whom: nothing but what the definition lists.",
                [.. ZeroTrustRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "rate-limits.yaml",
                "Rate limits of services (in each pod) and quotas of tenants (at the ingress gateway).",
                [.. RateLimitRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "telemetry.yaml",
                "Tracing of the whole mesh.",
                [.. TelemetryRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "alerts.yaml",
                "What Prometheus watches, as an object of the Prometheus operator.",
                [.. AlertRenderer.Render(definition, manifest, options)]),
            new RenderedFile("alerts.rules.yaml", "What Prometheus watches, as a file of rules (rule_files).", [])
            {
                Document = AlertRenderer.Rules(definition),
            },
            new RenderedFile(
                "traffic-management.yaml",
                "Gateway, routes with time-outs and retries, load balancing and circuit breakers.",
                [.. TrafficRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "gateways.yaml",
                "The gateways: Deployments of our own into which istiod injects the proxy, so that they outlive any revision.",
                [.. GatewayRenderer.Render(definition, manifest, options)]),
            new RenderedFile(
                "rate-limit-service.yaml",
                "The service that counts the quotas.",
                [.. RateLimitServiceRenderer.Render(definition, manifest)]),
            new RenderedFile(
                "microservices-deployments.yaml",
                "The services of the product. They belong to their teams and are applied only on request.",
                [.. WorkloadRenderer.Render(definition, manifest)]),
        ];
        return new RenderedMesh([.. files.Where(file => file.Objects.Count > 0 || file.Document is not null)], findings);
    }
}
