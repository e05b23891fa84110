using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>What an object of the rendered mesh is for; the order is the order in which they are applied.</summary>
public enum ManifestRole
{
    /// <summary>A namespace with its one injection label.</summary>
    Namespace,

    /// <summary>An IstioOperator document: handed to istioctl, never to the API server.</summary>
    ControlPlane,

    /// <summary>PeerAuthentication, AuthorizationPolicy, Telemetry, EnvoyFilter and the like.</summary>
    Policy,

    /// <summary>Gateway, VirtualService, DestinationRule, Sidecar.</summary>
    Traffic,

    /// <summary>The mesh's own workloads: the gateways and the rate limit service, with all that belongs to them.</summary>
    Gateway,

    /// <summary>The product's services: Service, ServiceAccount, Deployment, autoscaler. Applied only on request.</summary>
    Workload,
}

/// <summary>One object of the rendered mesh.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Object">The object as it is sent to the API server or written to a file.</param>
public sealed record RenderedObject(ManifestRole Role, KubernetesObject Object);

/// <summary>One file of the rendered mesh, in the order in which its documents are written.</summary>
/// <param name="Name">The file's name, such as <c>mtls-policy.yaml</c>.</param>
/// <param name="Description">One sentence or more for the head of the file.</param>
/// <param name="Objects">The documents.</param>
public sealed record RenderedFile(string Name, string Description, IReadOnlyList<RenderedObject> Objects)
{
    /// <summary>The content of a file that is not for the API server, such as rules for Prometheus; null for a file of objects.</summary>
    public JsonObject? Document { get; init; }
}

/// <summary>A definition rendered: its files, and what the author should know (where the definition was adjusted to work).</summary>
/// <param name="Files">The files, in the order in which they are applied.</param>
/// <param name="Findings">Conflicts that were found on the way, each with its fix.</param>
public sealed record RenderedMesh(IReadOnlyList<RenderedFile> Files, IReadOnlyList<Finding> Findings)
{
    /// <summary>Every object of every file.</summary>
    public IEnumerable<RenderedObject> Objects => Files.SelectMany(file => file.Objects);
}
