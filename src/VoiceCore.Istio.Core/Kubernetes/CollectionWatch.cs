using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// A list and then a watch of the same collection, for ever (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
/// The server ends every watch after a while, connections break, and a resource version may be forgotten (410): none of this
/// shows outside, except that after a 410 several changes of one object come as one.
/// </summary>
internal sealed class CollectionWatch(ApiTransport transport, ApiResource resource, ApiRequest list, int pageSize)
{
    // A connection that lasted this long was a good one, even if nothing happened meanwhile.
    private static readonly TimeSpan GoodLifetime = TimeSpan.FromSeconds(5);

    // The last state of each object: what a new list is compared with.
    private readonly Dictionary<ObjectReference, KubernetesObject> _known = [];

    internal async IAsyncEnumerable<WatchEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? version = null;
        var listed = false;
        var vainConnections = 0;
        while (true)
        {
            if (version is null)
            {
                var pager = new ListPager(transport, list, pageSize);
                foreach (var change in Changes(await ObjectsAsync(pager, cancellationToken)))
                    yield return change;
                version = pager.ResourceVersion;
                if (!listed)
                    yield return Bookmark(version);
                listed = true;
            }

            var opened = transport.Clock.GetTimestamp();
            using var stream = await WatchStream.OpenAsync(transport, list, version, cancellationToken);
            var received = false;
            while (stream is not null && transport.Read(await stream.ReadAsync(cancellationToken), Event) is { } change)
            {
                if (change.Type == "ERROR")
                {
                    version = Failed(change.Object.Json) ? null : version;
                    break;
                }

                received = true;
                version = change.Object.ResourceVersion;
                if (change.Type == "BOOKMARK")
                    continue;
                Remember(change);
                yield return change;
            }

            if (stream is null)
                version = null;
            vainConnections = received || transport.Clock.GetElapsedTime(opened) > GoodLifetime ? 0 : vainConnections + 1;
            if (vainConnections > 0)
                await PauseAsync(vainConnections, cancellationToken);
        }
    }

    private static WatchEvent? Event(byte[]? line)
    {
        if (line is null)
            return null;
        var json = JsonNode.Parse(line, nodeOptions: null, ApiAnswer.Limits) as JsonObject;
        if (json?["object"] is not JsonObject changed || (string?)json["type"] is not { } type)
            throw new JsonException("a line of a watch is no event");
        json.Remove("object");
        return new WatchEvent(type, new KubernetesObject(changed));
    }

    private async Task<List<KubernetesObject>> ObjectsAsync(ListPager pager, CancellationToken cancellationToken)
    {
        var objects = new List<KubernetesObject>();
        await foreach (var page in pager.PagesAsync(cancellationToken))
            objects.AddRange(transport.Read(page, page => ListPage.Objects(page, resource)));
        return objects;
    }

    // What happened between the last known state and a new list.
    private List<WatchEvent> Changes(List<KubernetesObject> now)
    {
        var changes = new List<WatchEvent>();
        var present = now.Select(item => item.Reference).ToHashSet();
        changes.AddRange(_known.Where(known => !present.Contains(known.Key)).Select(gone => new WatchEvent("DELETED", gone.Value)));
        foreach (var item in now)
        {
            if (!_known.TryGetValue(item.Reference, out var before))
                changes.Add(new WatchEvent("ADDED", item));
            else if (before.ResourceVersion != item.ResourceVersion)
                changes.Add(new WatchEvent("MODIFIED", item));
        }

        changes.ForEach(Remember);
        return changes;
    }

    private void Remember(WatchEvent change)
    {
        if (change.Type == "DELETED")
            _known.Remove(change.Object.Reference);
        else
            _known[change.Object.Reference] = change.Object;
    }

    // True: the version is forgotten, list anew. False: the server failed in passing, connect anew. Anything else is thrown.
    private bool Failed(JsonObject status)
    {
        var code = (int?)status["code"] ?? 500;
        if (code == 410)
            return true;
        return code >= 500
            ? false
            : throw StatusErrors.From(list with { Verb = "watch" }, new ApiAnswer(code, Encoding.UTF8.GetBytes(status.ToJsonString()), null), transport.Cluster);
    }

    private async Task PauseAsync(int vainConnections, CancellationToken cancellationToken)
    {
        var pause = RequestRetries.Pause(vainConnections, TimeSpan.Zero, asked: null)
            ?? throw ConnectionErrors.From(new HttpRequestException(HttpRequestError.ResponseEnded, $"the watch of {list.Subject} was ended at once {vainConnections} times"), transport.Cluster);
        await Task.Delay(pause, transport.Clock, cancellationToken);
    }

    private static WatchEvent Bookmark(string version) =>
        new("BOOKMARK", new KubernetesObject(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version } }));
}
