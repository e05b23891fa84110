using System.Net;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Who sends a request.</summary>
/// <param name="Principal">The identity of its certificate; null for a client without a sidecar.</param>
/// <param name="Address">The address that it sends from; null where it is not known.</param>
/// <param name="Pod">The pod; null where an identity was named that no pod of the mesh has.</param>
internal sealed record AuthorizationClient(string? Principal, IPAddress? Address, PodRecord? Pod)
{
    private static readonly AuthorizationClient Outside = new(null, null, null);

    /// <summary>The client that somebody names: a pod, a service account, an identity, or nothing.</summary>
    /// <exception cref="MeshException"><c>MeshClientInvalid</c>.</exception>
    internal static AuthorizationClient Of(string? name, MeshSnapshot snapshot, IReadOnlyDictionary<string, PodRecord> pods)
    {
        if (string.IsNullOrEmpty(name))
            return Outside;
        if (name.StartsWith(IstioNames.SpiffeScheme, StringComparison.Ordinal))
            return new(name, null, null);
        if (pods.TryGetValue(name, out var pod))
            return new(pod.HasSidecar ? Identity(pod.Namespace, pod.ServiceAccount) : null, IPAddress.TryParse(pod.IP, out var address) ? address : null, pod);
        return name.Split('/') switch
        {
            // All pods of an account have one identity; what their proxies send is judged for one of them.
            [{ Length: > 0 } ns, { Length: > 0 } account] => new(
                Identity(ns, account), null, snapshot.Pods.FirstOrDefault(pod => pod.Namespace == ns && pod.ServiceAccount == account && pod.HasSidecar)),
            [{ Length: > 0 }, "ns", { Length: > 0 }, "sa", { Length: > 0 }] => new(IstioNames.SpiffeScheme + name, null, null),
            _ => throw SnapshotErrors.ClientInvalid(name),
        };

        string Identity(string ns, string account) => IstioNames.SpiffeScheme + IstioNames.Principal(snapshot.Mesh.TrustDomain, ns, account);
    }
}
