using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// A list, page by page. Where the server has forgotten the state that the list began with (410), it goes on as kubectl does: with
/// the token of the server's answer, which lists the rest at the present state. Nothing comes twice: the rest begins behind the last key.
/// </summary>
internal sealed class ListPager(ApiTransport transport, ApiRequest request, int pageSize)
{
    /// <summary>The resource version of the last page that was read: where a watch goes on.</summary>
    internal string ResourceVersion { get; private set; } = "";

    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var answer = await transport.SendAsync(Page(token), cancellationToken);
            if (answer.StatusCode == 410 && token is not null && ApiStatus.Parse(answer.Body).Continue is { } rest && rest != token)
            {
                token = rest;
                continue;
            }

            if (!answer.Succeeded)
                throw StatusErrors.From(request, answer, transport.Cluster);
            var head = transport.Read(answer, page => ListPage.Head(page.Body.Span));
            ResourceVersion = head.ResourceVersion;
            yield return answer.Body;
            if (head.Continue is not null && head.Continue == token)
                throw transport.Unreadable("the list's continue token does not move on");
            token = head.Continue;
        }
        while (token is not null);
    }

    private ApiRequest Page(string? token) => request with
    {
        Query = [.. request.Query, ("limit", pageSize.ToString(CultureInfo.InvariantCulture)), ("continue", token)],
    };
}
