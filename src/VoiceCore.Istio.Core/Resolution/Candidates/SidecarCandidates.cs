using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Says of every Sidecar that could be a client's what becomes of it. The choice itself is that of <see cref="ClientScopes"/>.</summary>
internal sealed class SidecarCandidates
{
    private readonly MeshResolution _mesh;
    private readonly ILookup<string, Sidecar> _byNamespace;

    internal SidecarCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        _byNamespace = mesh.Snapshot.Sidecars.ToLookup(sidecar => sidecar.Namespace);
    }

    internal IEnumerable<PolicyJudgement> Of(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var chosen = _mesh.Scopes.SidecarOf(client.Namespace, client.Labels);
        return new[] { client.Namespace, _mesh.Snapshot.Mesh.RootNamespace }.Distinct()
            .SelectMany(name => _byNamespace[name])
            .Select(sidecar => client.IsGateway ? new(sidecar, PolicyCause.NoSidecar, "The client is a gateway: it sees everything that is exported to its namespace.")
                : client.HasSidecar ? Judge(sidecar, chosen, client, service, port)
                : new(sidecar, PolicyCause.NoSidecar, "The client has no sidecar: nobody carries it out."));
    }

    private PolicyJudgement Judge(Sidecar sidecar, Sidecar? chosen, MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var isRoot = sidecar.Namespace != client.Namespace;
        if (ReferenceEquals(sidecar, chosen))
        {
            var sees = _mesh.Scopes.Of(client.Namespace, client.Labels).Sees(service, port);
            var why = sidecar.WorkloadSelector is { } matching ? $"Its workloadSelector ({matching}) matches the client, and it is the oldest that does."
                : isRoot ? "The client's namespace has no Sidecar for the client, so that of the root namespace holds."
                : "It is the oldest of the client's namespace that is for all its workloads, and none selects the client.";
            return new(sidecar, PolicyCause.Applies, why, sees ? "shows the service" : "hides the service");
        }

        if (isRoot && sidecar.WorkloadSelector is not null)
            return new(sidecar, PolicyCause.Ignored, "In the root namespace a Sidecar with a workloadSelector is for the pods of that namespace only.");
        if (sidecar.WorkloadSelector is { } selector && !client.Labels.Matches(selector))
            return new(sidecar, PolicyCause.SelectorDiffers, $"Its workloadSelector ({selector}) does not match the client's labels.");
        if (chosen!.Namespace != sidecar.Namespace)
            return new(sidecar, PolicyCause.CloserNamespace, $"The client's namespace has a Sidecar of its own, {chosen.Key}.");
        return chosen.WorkloadSelector is not null && sidecar.WorkloadSelector is null
            ? new(sidecar, PolicyCause.CloserSelector, $"{chosen.Key} selects the client, and goes first.")
            : new(sidecar, PolicyCause.OlderGoesFirst, $"The older {chosen.Key} goes first.");
    }
}
