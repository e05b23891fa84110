using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>HTTP to a port of a pod through the API server (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ portforward).</summary>
internal sealed class PodForwarder(ApiTransport transport)
{
    // A full configuration dump of a proxy in a large mesh takes its time.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    internal async Task<PodHttpResponse> GetAsync(string @namespace, string pod, int port, string pathAndQuery, CancellationToken cancellationToken)
    {
        var target = new ObjectReference("", "Pod", @namespace, pod);
        using var timeUp = new CancellationTokenSource(Timeout, transport.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        PortForwardStream? forwarded = null;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (_, token) => forwarded = await ConnectAsync(target, port, token),
        };
        using var http = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        try
        {
            // Within the pod it is a call from localhost, which is what istiod's debug interface wants to see.
            using var message = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}{pathAndQuery}");
            message.Headers.ConnectionClose = true;
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            var body = await BoundedReader.ReadAsync(stream, ApiTransport.MaximumMegabytes, linked.Token)
                ?? throw KubernetesErrors.Create(nameof(KubernetesText.ResponseTooLarge), MeshErrorCategory.InvalidData, target, "get", $"{pathAndQuery} of {target}", ApiTransport.MaximumMegabytes);
            return new PodHttpResponse((int)response.StatusCode, body);
        }
        catch (OperationCanceledException canceled) when (!cancellationToken.IsCancellationRequested)
        {
            throw KubernetesErrors.Error(nameof(KubernetesText.RequestTimeout), MeshErrorCategory.OperationTimeout, target, canceled, "get", $"{pathAndQuery} of {target}", Timeout.TotalSeconds);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw failure.InnerException as MeshException ?? Unreachable(target, port, forwarded?.Error ?? failure.Message, failure);
        }
    }

    private async Task<PortForwardStream> ConnectAsync(ObjectReference target, int port, CancellationToken cancellationToken)
    {
        var path = $"api/v1/namespaces/{Uri.EscapeDataString(target.Namespace!)}/pods/{Uri.EscapeDataString(target.Name)}/portforward";
        var address = new UriBuilder(new Uri(transport.Http.BaseAddress!, path)) { Query = $"ports={port.ToString(CultureInfo.InvariantCulture)}" };
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;

        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(PortForwardStream.Protocol);
            socket.Options.CollectHttpResponseDetails = true;
            using var headers = new HttpRequestMessage();
            await transport.AuthorizeAsync(headers, cancellationToken);
            foreach (var (name, values) in headers.Headers)
                socket.Options.SetRequestHeader(name, string.Join(", ", values));
            await socket.ConnectAsync(address.Uri, transport.Http, cancellationToken);
            return new PortForwardStream(socket);
        }
        catch (WebSocketException failure)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw Refused(target, port, status, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A refused upgrade tells its status only.
    private MeshException Refused(ObjectReference target, int port, int status, WebSocketException failure)
    {
        var request = new ApiRequest("create", "", $"pods/portforward of {target}") { Target = target };
        return status switch
        {
            401 or 403 or 404 or 429 => StatusErrors.From(request, new ApiAnswer(status, Encoding.UTF8.GetBytes($$"""{"kind":"Status","message":"status {{status}}"}"""), null), transport.Cluster),
            0 when failure.InnerException is HttpRequestException unreachable => ConnectionErrors.From(unreachable, transport.Cluster),
            _ => Unreachable(target, port, $"status {status}", failure),
        };
    }

    private static MeshException Unreachable(ObjectReference target, int port, string reason, Exception failure) =>
        KubernetesErrors.Error(nameof(KubernetesText.PodUnreachable), MeshErrorCategory.ConnectionError, target, failure, port, target, MeshException.Sentence(reason));
}
