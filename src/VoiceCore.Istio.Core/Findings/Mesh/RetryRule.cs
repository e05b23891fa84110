using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Retries that cannot end within the time-out of their route.</summary>
internal sealed class RetryRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        foreach (var service in mesh.Snapshot.VirtualServices)
        {
            for (var index = 0; index < service.Http.Count; index++)
            {
                var route = service.Http[index];
                if (route is not { Timeout: { } timeout, Retries: { Attempts: > 0, PerTryTimeout: { } perTry } retries } || timeout <= TimeSpan.Zero)
                    continue;
                var total = perTry * (retries.Attempts + 1);
                if (total > timeout)
                    yield return MeshFindings.RetriesBeyondTimeout.At(service.ToString(), Name(route, index), retries.Attempts + 1, Text(perTry), Text(total), Text(timeout));
            }
        }
    }

    private static string Name(HttpRoute route, int index) => route.Name.Length > 0 ? $"'{route.Name}'" : $"{index + 1}";

    private static string Text(TimeSpan duration) => FormattableString.Invariant($"{duration.TotalSeconds}s");
}
