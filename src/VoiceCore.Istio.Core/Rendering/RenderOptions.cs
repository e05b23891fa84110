namespace VoiceCore.Istio.Core.Rendering;

/// <summary>What the cluster, not the definition, decides about the rendered mesh.</summary>
public sealed record RenderOptions
{
    /// <summary>The revision of the control plane, a DNS-1123 label such as <c>1-30-3</c>: namespaces and gateways name it.</summary>
    public required string Revision { get; init; }

    /// <summary>Registry of Istio's images; goes before the definition's.</summary>
    public string? Hub { get; init; }

    /// <summary>Whether alerts are rendered as a PrometheusRule too: only where the cluster serves <c>monitoring.coreos.com/v1</c>.</summary>
    public bool PrometheusRules { get; init; }

    /// <summary>The versions of Istio's API groups that the cluster serves.</summary>
    public IstioApiVersions ApiVersions { get; init; } = IstioApiVersions.Stable;
}

/// <summary>
/// The version to write for each of Istio's API groups.
/// Istio 1.22 and later serve <c>v1</c> of all three; before, the older ones (CRDs of each release, <c>manifests/charts/base</c>).
/// </summary>
/// <param name="Networking">Of <c>networking.istio.io</c>: <c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="Security">Of <c>security.istio.io</c>: <c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="Telemetry">Of <c>telemetry.istio.io</c>: <c>v1</c> or <c>v1alpha1</c>.</param>
public sealed record IstioApiVersions(string Networking, string Security, string Telemetry)
{
    /// <summary>What Istio 1.22 and later serve.</summary>
    public static readonly IstioApiVersions Stable = new("v1", "v1", "v1");

    /// <summary>What every Istio from 1.20 on serves.</summary>
    public static readonly IstioApiVersions Common = new("v1beta1", "v1beta1", "v1alpha1");

    /// <summary>The name of <see cref="Stable"/> in parameters.</summary>
    public const string StableName = "v1";

    /// <summary>The name of <see cref="Common"/> in parameters.</summary>
    public const string CommonName = "v1beta1";

    /// <summary>The versions of that name.</summary>
    public static IstioApiVersions Named(string name) => name == CommonName ? Common : Stable;
}
