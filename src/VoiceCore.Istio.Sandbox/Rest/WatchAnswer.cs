using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>Answers a watch: a line of JSON for each change, until the client or its time-out ends it.</summary>
internal static class WatchAnswer
{
    private const int DefaultTimeoutSeconds = 1800;

    internal static async Task SendAsync(HttpExchange exchange, ResourceKind kind, ObjectFilter filter, SandboxCluster cluster, CancellationToken cancellationToken)
    {
        var request = exchange.Request;
        var from = request.Argument("resourceVersion");
        var timeout = int.TryParse(request.Argument("timeoutSeconds"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : DefaultTimeoutSeconds;

        await exchange.StartStreamAsync("application/json", cancellationToken);
        StoreSubscription subscription;
        try
        {
            subscription = from is null or "" or "0" ? cluster.Store.Subscribe() : cluster.Store.Subscribe(Number(from));
        }
        catch (ApiException error)
        {
            // As the API server does: the stream is open, and its first line says that it cannot go on.
            await exchange.WriteAsync(Line("ERROR", error.ToStatus()), cancellationToken);
            await exchange.EndAsync(cancellationToken);
            return;
        }

        using (subscription)
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(exchange.WatchForClose(cancellationToken)))
        {
            using var timer = cluster.Clock.CreateTimer(_ => end.Cancel(), null, TimeSpan.FromSeconds(timeout), Timeout.InfiniteTimeSpan);
            try
            {
                await foreach (var change in subscription.Events.ReadAllAsync(end.Token))
                {
                    if (filter.Event(change) is { } type)
                        await exchange.WriteAsync(Line(type, ServedObject.Of(change.Object, kind)), cancellationToken);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Its time is over, or nobody reads it any more.
            }
        }

        if (request.Argument("allowWatchBookmarks") == "true")
            await exchange.WriteAsync(Line("BOOKMARK", Bookmark(kind, cluster.Store.ResourceVersion)), cancellationToken);
        await exchange.EndAsync(cancellationToken);
    }

    private static long Number(string resourceVersion) =>
        long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"invalid resource version: {resourceVersion}");

    private static JsonObject Bookmark(ResourceKind kind, long resourceVersion) => new()
    {
        ["kind"] = kind.Kind,
        ["apiVersion"] = kind.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion.ToString(CultureInfo.InvariantCulture) },
    };

    private static byte[] Line(string type, JsonObject json) => Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":{json.ToJsonString()}}}\n");
}
