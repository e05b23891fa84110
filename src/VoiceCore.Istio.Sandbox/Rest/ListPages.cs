using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>
/// Lists in pages: what is left of a list waits under its continue token, so that all pages show one state
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks). The store's compaction ends it.
/// </summary>
internal sealed class ListPages(ObjectStore store)
{
    private const int MaxOpenLists = 256;

    private readonly object _lock = new();
    private readonly Dictionary<string, Rest> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>A page, its token for the next one (null: the last) and how many objects follow.</summary>
    internal sealed record Page(IReadOnlyList<JsonObject> Items, long ResourceVersion, string? Continue, int Remaining);

    private sealed record Rest(IReadOnlyList<JsonObject> Items, long ResourceVersion);

    /// <summary>The first page of a list; <paramref name="limit"/> 0 means all.</summary>
    internal Page First(IReadOnlyList<JsonObject> items, long resourceVersion, int limit) => Cut(new Rest(items, resourceVersion), limit);

    /// <summary>The page that a token stands for.</summary>
    /// <exception cref="ApiException">410: the state is forgotten.</exception>
    internal Page Next(string token, int limit)
    {
        Rest? rest;
        lock (_lock)
            rest = _open.GetValueOrDefault(token);
        if (rest is null || store.IsForgotten(rest.ResourceVersion))
            throw new ApiException(410, "Expired", "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
        return Cut(rest, limit);
    }

    private Page Cut(Rest rest, int limit)
    {
        if (limit <= 0 || rest.Items.Count <= limit)
            return new Page(rest.Items, rest.ResourceVersion, null, 0);
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            _open[token] = new Rest(new ArraySegment<JsonObject>([.. rest.Items], limit, rest.Items.Count - limit), rest.ResourceVersion);
            _order.Enqueue(token);
            if (_order.Count > MaxOpenLists)
                _open.Remove(_order.Dequeue());
        }

        return new Page(rest.Items.Take(limit).ToArray(), rest.ResourceVersion, token, rest.Items.Count - limit);
    }
}
