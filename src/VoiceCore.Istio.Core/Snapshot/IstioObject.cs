namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>An object of Istio's API. Kinds whose rules are not resolved (Telemetry, EnvoyFilter, ...) are this class itself.</summary>
public record IstioObject : MeshObject
{
    /// <summary>The kind, such as <c>DestinationRule</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The API group and version it was read in.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The <c>spec</c> as JSON (UTF-8), as it was read; <c>{}</c> where there is none.</summary>
    public ReadOnlyMemory<byte> Spec { get; init; }

    /// <summary>The file it was read from; null for an object of a cluster.</summary>
    public string? Source { get; init; }

    /// <summary>As people write it: <c>DestinationRule voicecore-ai/tenant</c>.</summary>
    public sealed override string ToString() => $"{Kind} {Key}";
}
