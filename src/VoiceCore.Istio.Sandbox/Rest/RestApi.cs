using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Http;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>The way of every request: token, rehearsed failures, log, and then to the documents or to the objects.</summary>
internal sealed class RestApi(SandboxCluster cluster, BearerToken token, RequestLog log, Faults faults)
{
    private static readonly string[] Health = ["healthz", "livez", "readyz"];

    private readonly ObjectRequests _objects = new(cluster);

    internal async Task HandleAsync(HttpExchange exchange, CancellationToken cancellationToken)
    {
        var request = exchange.Request;
        // Before the answer goes out: who has it finds it in the log.
        exchange.Answering = statusCode => Log(request, statusCode);
        try
        {
            if (!token.IsIn(request))
                throw new ApiException(401, "Unauthorized", "Unauthorized");
            if (!await FailAsync(exchange, faults.Meet(request), cancellationToken))
                await AnswerAsync(exchange, cancellationToken);
        }
        catch (ApiException error) when (exchange.StatusCode == 0)
        {
            await (error.IsPlainText
                ? exchange.SendAsync(error.Code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(error.Message), cancellationToken)
                : SendAsync(exchange, error.Code, error.ToStatus(), cancellationToken));
        }
        catch (ConnectionAbortedException)
        {
            Log(request, statusCode: 0);
            throw;
        }
    }

    private void Log(HttpRequest request, int statusCode) =>
        log.Add(new LoggedRequest(request.Method, request.Path, request.Argument("dryRun") == "All", request.Header("User-Agent"), request.Body.Length, statusCode));

    internal static Task SendAsync(HttpExchange exchange, int statusCode, JsonObject json, CancellationToken cancellationToken, string contentType = "application/json") =>
        exchange.SendAsync(statusCode, contentType, Encoding.UTF8.GetBytes(json.ToJsonString()), cancellationToken);

    private async Task<bool> FailAsync(HttpExchange exchange, Fault? fault, CancellationToken cancellationToken)
    {
        if (fault is null)
            return false;
        if (fault.Delay > TimeSpan.Zero)
            await Task.Delay(fault.Delay, cluster.Clock, cancellationToken);
        if (fault.BreaksConnection)
            throw new ConnectionAbortedException();
        if (fault.StatusCode is not { } statusCode)
            return false;
        var body = Encoding.UTF8.GetBytes(new ApiException(statusCode, null, "a rehearsed failure of the mesh sandbox").ToStatus().ToJsonString());
        await exchange.SendAsync(statusCode, "application/json", body, cancellationToken, fault.RetryAfterSeconds is { } wait ? [("Retry-After", $"{wait}")] : []);
        return true;
    }

    private Task AnswerAsync(HttpExchange exchange, CancellationToken cancellationToken)
    {
        var path = exchange.Request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var kinds = cluster.Kinds.All;
        if (path is ["api"] or ["apis"] && exchange.Request.Header("Accept").Contains(DiscoveryDocuments.AggregatedType, StringComparison.Ordinal))
            return SendAsync(exchange, 200, DiscoveryDocuments.Aggregated(kinds, core: path[0] == "api"), cancellationToken, DiscoveryDocuments.AggregatedType);

        JsonObject? document = path switch
        {
            ["version"] => Version(),
            ["api"] => DiscoveryDocuments.CoreVersions(),
            ["apis"] => DiscoveryDocuments.Groups(kinds),
            ["apis", var group] => DiscoveryDocuments.Group(kinds, group),
            ["api", var version] => DiscoveryDocuments.Resources(kinds, "", version),
            ["apis", var group, var version] => DiscoveryDocuments.Resources(kinds, group, version),
            _ => null,
        };
        if (document is not null)
            return SendAsync(exchange, 200, document, cancellationToken);
        if (path is ["openapi", ..])
            throw ApiErrors.NotImplemented("the API's own description (/openapi)");
        if (path.Length > 0 && Health.Contains(path[0]))
            return exchange.SendAsync(200, "text/plain; charset=utf-8", "ok"u8.ToArray(), cancellationToken);
        return _objects.AnswerAsync(exchange, RestTarget.Parse(path) ?? throw Unknown(), cancellationToken);
    }

    internal static ApiException Unknown() => new(404, "NotFound", "404 page not found\n") { IsPlainText = true };

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "34",
        ["gitVersion"] = "v1.34.0-voicecore.sandbox",
        ["platform"] = "sandbox",
    };
}
