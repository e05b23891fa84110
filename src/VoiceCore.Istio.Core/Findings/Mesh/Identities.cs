using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// The identities that the pods of the mesh have, as policies write them. Only of the mesh's own trust domains can one tell. Source: Kiali's
/// checker of principals (business/checkers/authorization/principals_checker.go).
/// </summary>
internal sealed class Identities
{
    private const string NamespaceMark = "/ns/";

    private readonly MeshIndex _mesh;
    private readonly HashSet<string> _known;
    private readonly Dictionary<string, bool> _lacking = new(StringComparer.Ordinal);

    internal Identities(MeshIndex mesh)
    {
        _mesh = mesh;
        var accounts = mesh.Workloads.Select(pod => (pod.Namespace, pod.ServiceAccount)).Distinct().ToArray();
        _known = Own(mesh.Snapshot.Mesh)
            .SelectMany(domain => accounts.Select(account => IstioNames.Principal(domain, account.Namespace, account.ServiceAccount)))
            .ToHashSet(StringComparer.Ordinal);
    }

    internal static bool IsOwn(MeshConfig config, string trustDomain) => Own(config).Contains(trustDomain);

    /// <summary>True where no pod is what a principal names.</summary>
    internal bool Lacks(string principal)
    {
        if (_lacking.TryGetValue(principal, out var isLacking))
            return isLacking;
        isLacking = IsOfMesh(principal)
            && (principal.Contains('*') ? !_known.Any(AuthorizationText.Compile(principal)) : !_known.Contains(principal));
        _lacking.Add(principal, isLacking);
        return isLacking;
    }

    /// <summary>True where pods of the namespace that a principal names are known; one without pods may get some.</summary>
    internal bool KnowsNamespace(string principal)
    {
        var start = principal.IndexOf(NamespaceMark, StringComparison.Ordinal);
        var name = start < 0 ? "" : principal[(start + NamespaceMark.Length)..].Split('/')[0];
        return name.Length == 0 || name.Contains('*') ? _mesh.Workloads.Count > 0 : _mesh.WorkloadsByNamespace.Contains(name);
    }

    // A pattern may begin anywhere; what has no namespace is the identity of nobody.
    private bool IsOfMesh(string principal)
    {
        var end = principal.IndexOf(NamespaceMark, StringComparison.Ordinal);
        return end < 0 || principal.StartsWith('*') || IsOwn(_mesh.Snapshot.Mesh, principal[..end]);
    }

    private static IEnumerable<string> Own(MeshConfig config) => config.TrustDomainAliases.Append(config.TrustDomain).Append("cluster.local").Distinct();
}
