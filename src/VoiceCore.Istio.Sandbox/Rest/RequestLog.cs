using System.Collections.Concurrent;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>A request as it is remembered: never its body, never its token.</summary>
/// <param name="Method">Such as <c>PATCH</c>.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="DryRun">True where it asked for <c>dryRun=All</c>.</param>
/// <param name="UserAgent">The client, as it names itself.</param>
/// <param name="BodyBytes">The body's size.</param>
/// <param name="StatusCode">The answer; 0 where the connection was broken.</param>
public sealed record LoggedRequest(string Method, string Path, bool DryRun, string UserAgent, int BodyBytes, int StatusCode)
{
    // A review only asks whether something would be allowed; it stores nothing.
    private const string Review = "accessreviews";

    /// <summary>True where it could have changed the cluster.</summary>
    public bool IsMutating => Method is not ("GET" or "HEAD") && !DryRun && !Path.EndsWith(Review, StringComparison.Ordinal);
}

/// <summary>The requests that the sandbox answered, oldest first; the last <see cref="Capacity"/> of them.</summary>
public sealed class RequestLog
{
    /// <summary>How many requests are kept.</summary>
    public const int Capacity = 50_000;

    private readonly ConcurrentQueue<LoggedRequest> _requests = new();

    /// <summary>The requests up to now.</summary>
    public IReadOnlyList<LoggedRequest> Requests => _requests.ToArray();

    /// <summary>Forgets them.</summary>
    public void Clear() => _requests.Clear();

    internal void Add(LoggedRequest request)
    {
        _requests.Enqueue(request);
        while (_requests.Count > Capacity)
            _requests.TryDequeue(out _);
    }
}
