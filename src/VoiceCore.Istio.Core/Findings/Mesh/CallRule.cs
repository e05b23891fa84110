using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>What becomes of calls that the mesh's policies name: those that TLS breaks, and chains along which retries multiply.</summary>
internal sealed class CallRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var calls = new KnownCalls(mesh);
        return calls.All.Count == 0 ? [] : Refused(mesh, calls).Concat(Multiplied(mesh, calls));
    }

    private static IEnumerable<Finding> Refused(MeshIndex mesh, KnownCalls calls)
    {
        var resolver = new MeshTlsResolver(mesh.Snapshot);
        foreach (var group in calls.All.GroupBy(call => call.Service, call => call.Caller))
        {
            var callers = group.ToHashSet();
            foreach (var verdict in resolver.Resolve(group.Key, client => client.Pods.Any(callers.Contains)).Where(verdict => verdict.Status == TlsStatus.Broken))
                yield return TlsFindings.CallsRefused.At($"Service {group.Key.Key}", string.Join(", ", verdict.Clients), verdict.Port, verdict.Reason, verdict.Fix ?? "Make them agree.");
        }
    }

    private static IEnumerable<Finding> Multiplied(MeshIndex mesh, KnownCalls calls)
    {
        var tries = mesh.Snapshot.VirtualServices
            .SelectMany(service => service.Hosts.Select(host => (Host: mesh.FullHost(host, service.Namespace), Tries: service.Http.Select(route => 1 + Math.Max(0, route.Retries?.Attempts ?? 0)).DefaultIfEmpty(1).Max())))
            .GroupBy(pair => pair.Host, pair => pair.Tries, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(), StringComparer.Ordinal);
        var chains = new RetryChains(
            calls.All.SelectMany(call => calls.ServicesOf(call.Caller).Select(caller => (caller.Key, call.Service.Key))),
            key => tries.GetValueOrDefault(mesh.FullHost(key.Split('/')[1], key.Split('/')[0]), 1));
        return chains.Worst().Select(chain => MeshFindings.RetriesMultiply.At($"Service {chain.Service}", chain.Requests, chain.Service, chain.Text));
    }
}
