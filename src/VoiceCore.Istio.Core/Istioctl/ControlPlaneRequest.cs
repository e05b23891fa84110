namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>What istioctl is to render or to install: one control plane, named by its revision.</summary>
public sealed record ControlPlaneRequest
{
    /// <summary>IstioOperator documents (YAML text) in order; a later one overlays an earlier one (<c>-f</c>, repeated).</summary>
    public required IReadOnlyList<string> OperatorDocuments { get; init; }

    /// <summary>The revision: a DNS-1123 label without dots, such as <c>1-30-3</c>.</summary>
    public required string Revision { get; init; }

    /// <summary>Single settings, path to value (<c>--set</c>), applied last.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the installed control plane may take to become ready.</summary>
    public TimeSpan ReadinessTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
