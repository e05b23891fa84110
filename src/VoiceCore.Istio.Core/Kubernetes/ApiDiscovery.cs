using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// What the cluster serves: by the aggregated documents (one request for the core group, one for all others), on servers that lack
/// them (before 1.26) by one request per group and version. Remembered until <see cref="Reset"/>.
/// </summary>
internal sealed class ApiDiscovery(ApiTransport transport) : IDisposable
{
    // https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
    private const string Accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Dictionary<string, IReadOnlyList<ApiResource>> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stale = new(StringComparer.Ordinal);
    private bool _hasDocument;

    /// <summary>The resource of a kind, in the asked version or in the first version of the server's order that has it.</summary>
    internal async Task<ApiResource?> FindAsync(string group, string kind, string? version, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return (await ResourcesAsync(group, cancellationToken))
                .FirstOrDefault(resource => resource.Kind == kind && (version is null || resource.Version == version));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Every resource of the core group and of those that are wanted, each in the first version of the server's order that has it.</summary>
    /// <exception cref="MeshException">Such as <c>GroupUnavailable</c>: a wanted group has a server of its own, which does not answer.</exception>
    internal async Task<IReadOnlyList<ApiResource>> AllAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var resources = new List<ApiResource>(await ResourcesAsync("", cancellationToken));
            var groups = await JsonAsync(new ApiRequest("get", "apis", "the API's groups"), cancellationToken);
            foreach (var group in Objects(groups["groups"]).Select(group => (string?)group["name"] ?? "").Where(isWanted))
                resources.AddRange(await WholeAsync(group, cancellationToken));
            return resources.DistinctBy(resource => (resource.Group, resource.Plural)).ToList();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    internal void Reset()
    {
        _oneAtATime.Wait();
        _known.Clear();
        _stale.Clear();
        _hasDocument = false;
        _oneAtATime.Release();
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<IReadOnlyList<ApiResource>> WholeAsync(string group, CancellationToken cancellationToken)
    {
        try
        {
            var resources = await ResourcesAsync(group, cancellationToken);
            return _stale.Contains(group) ? throw KubernetesErrors.GroupUnavailable(group) : resources;
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterUnavailable))
        {
            throw KubernetesErrors.GroupUnavailable(group, error);
        }
    }

    private async Task<IReadOnlyList<ApiResource>> ResourcesAsync(string group, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(group, out var known))
            return known;
        if (group.Length > 0 && _hasDocument)
            return [];

        var root = group.Length == 0 ? "api" : "apis";
        var document = await JsonAsync(new ApiRequest("get", root, "the API's discovery document") { Accept = Accept }, cancellationToken);
        if ((string?)document["kind"] == "APIGroupDiscoveryList")
        {
            foreach (var item in Objects(document["items"]))
            {
                var name = (string?)item["metadata"]?["name"] ?? "";
                _known[name] = Aggregated(item);

                // Its own server did not answer: what it serves is missing, or what was known of it before.
                if (Objects(item["versions"]).Any(version => (string?)version["freshness"] == "Stale"))
                    _stale.Add(name);
            }

            _hasDocument |= group.Length > 0;
        }
        else
        {
            _known[group] = await LegacyAsync(group, Versions(document, group), cancellationToken);
        }

        return _known.GetValueOrDefault(group, []);
    }

    private static ApiResource[] Aggregated(JsonObject item)
    {
        var group = (string?)item["metadata"]?["name"] ?? "";
        return Objects(item["versions"])
            .SelectMany(version => Objects(version["resources"]), (version, resource) => new ApiResource(
                group,
                (string?)version["version"] ?? "",
                (string?)resource["resource"] ?? "",
                (string?)resource["responseKind"]?["kind"] ?? "",
                (string?)resource["scope"] == "Namespaced",
                Strings(resource["verbs"])))
            .ToArray();
    }

    // The preferred version first, as in the aggregated document.
    private static IEnumerable<string> Versions(JsonObject document, string group)
    {
        if (group.Length == 0)
            return Strings(document["versions"]);
        var entry = Objects(document["groups"]).FirstOrDefault(entry => (string?)entry["name"] == group);
        return Objects(entry?["versions"])
            .Select(version => (string?)version["version"] ?? "")
            .OrderByDescending(version => version == (string?)entry?["preferredVersion"]?["version"]);
    }

    private async Task<IReadOnlyList<ApiResource>> LegacyAsync(string group, IEnumerable<string> versions, CancellationToken cancellationToken)
    {
        var resources = new List<ApiResource>();
        foreach (var version in versions)
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            var document = await JsonAsync(new ApiRequest("get", path, $"the resources of {path}"), cancellationToken);
            resources.AddRange(Objects(document["resources"])
                .Where(resource => (string?)resource["name"] is { } name && !name.Contains('/', StringComparison.Ordinal))
                .Select(resource => new ApiResource(
                    group,
                    version,
                    (string)resource["name"]!,
                    (string?)resource["kind"] ?? "",
                    (bool?)resource["namespaced"] ?? false,
                    Strings(resource["verbs"]))));
        }

        return resources;
    }

    private async Task<JsonObject> JsonAsync(ApiRequest request, CancellationToken cancellationToken) =>
        transport.Read(await transport.SendForSuccessAsync(request, cancellationToken), answer => answer.Json());

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonObject>();

    private static string[] Strings(JsonNode? node) => (node as JsonArray ?? []).Select(item => (string?)item ?? "").ToArray();
}
