using System.Globalization;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// What the cmdlets say of a mesh beside what happens to requests between real proxies in it (<c>VerdictMesh.yaml</c>).
/// </summary>
[Collection(nameof(LabMesh))]
public sealed class VerdictLabTests(LabMesh mesh, ITestOutputHelper output) : IDisposable
{
    private const string Front = "pairs-callers/front";
    private const string Batch = "pairs-callers/batch";
    private const string Legacy = "pairs-plain/legacy";
    private const string Narrow = "pairs-scoped/narrow";
    private const string Closed = "pairs-scoped/closed";
    private const string Vault = "pairs-guarded/vault";
    private const string Edge = "pairs-gate/edge";

    // At this port clients speak TLS themselves.
    private const int TlsPort = 9443;

    private static readonly TlsQuestion[] TlsQuestions =
    [
        new(Front, "pairs-permissive/echo"),
        new(Legacy, "pairs-permissive/echo"),
        new(Front, "pairs-permissive/echo-disable"),
        new(Front, "pairs-permissive/echo-mutual"),
        new(Front, "pairs-permissive/echo-port"),
        new(Front, "pairs-permissive/echo-port", 81),
        new(Front, "pairs-permissive/echo-kept"),
        new(Front, "pairs-permissive/echo-kept", 81),
        new(Front, "pairs-permissive/echo-subset"),
        new(Front, "pairs-permissive/echo-routed"),
        new(Front, "pairs-permissive/mixed-routed", Requests: 20),
        new(Front, "pairs-permissive/echo-split", Requests: 40),
        new(Front, "pairs-permissive/echo-shadowed"),
        new(Narrow, "pairs-permissive/echo-shadowed"),
        new(Front, "pairs-permissive/echo-selected"),
        new(Batch, "pairs-permissive/echo-selected"),
        new(Front, "pairs-permissive/echo-hidden"),
        new(Front, "pairs-permissive/echo-headless", 8080),
        new(Front, "pairs-permissive/mixed", Requests: 40),
        new(Front, "pairs-permissive/mixed-headless", 8080),
        new(Narrow, "pairs-permissive/echo"),
        new(Closed, "pairs-permissive/echo"),
        new(Front, "pairs-strict/echo"),
        new(Front, "pairs-strict/echo", 81),
        new(Front, "pairs-strict/echo", 82),
        new(Legacy, "pairs-strict/echo"),
        new(Legacy, "pairs-strict/echo", 81),
        new(Legacy, "pairs-strict/echo", 82),
        new(Front, "pairs-strict/echo-disable"),
        new(Front, "pairs-strict/echo-disable", 81),
        new(Front, "pairs-strict/echo-disable", 82),
        new(Front, "pairs-strict/echo-mutual"),
        new(Front, "pairs-strict/echo-mutual", 82),
        new(Narrow, "pairs-strict/echo"),
        new(Narrow, "pairs-strict/echo", 81),
        new(Closed, "pairs-strict/echo"),
        new(Front, "pairs-disabled/echo"),
        new(Front, "pairs-disabled/echo-mutual"),
        new(Legacy, "pairs-disabled/echo"),
        new(Front, "pairs-disabled/trap"),
        new(Front, "pairs-disabled/trap-mutual"),
        new(Legacy, "pairs-disabled/trap"),
        new(Front, "pairs-plain/legacy"),
        new(Front, "pairs-plain/legacy-mutual"),
        new(Front, "pairs-plain/legacy-tls", 8443),
        new(Legacy, "pairs-plain/legacy"),
        new(Front, "pairs-permissive/wire-mutual", 9000),
        new(Batch, "pairs-permissive/wire-mutual", 9000),
        new(Front, "pairs-permissive/wire-selected", 9001),
        new(Batch, "pairs-permissive/wire-selected", 9001),
        new(Front, "pairs-plain/wire-tls", 9443),
        new(Batch, "pairs-plain/wire-tls", 9443),
        new(Front, Edge),
        new(Front, Edge, 9000),
    ];

    private static readonly AuthorizationQuery[] Requests =
    [
        Ask(Front, Vault, "/principal/x"),
        Ask(Batch, Vault, "/principal/x"),
        Ask(Legacy, Vault, "/principal/x"),
        Ask(Front, Vault, "/principal/denied"),
        Ask(Front, Vault, "/principal/x?of=/principal/denied"),
        Ask(Front, Vault, "/Principal/x"),
        Ask(Front, Vault, "//principal/x"),
        Ask(Front, Vault, "/%70rincipal/x"),
        Ask(Batch, Vault, "/method/../principal/x"),
        Ask(Batch, Vault, "/principal/../method/x"),
        Ask(Batch, Vault, "/principal/%2e%2e/method/x"),
        Ask(Batch, Vault, "/principal%2f../method/x"),
        Ask(Front, Vault, @"/principal\x"),
        Ask(Batch, Vault, "/namespace"),
        Ask(Legacy, Vault, "/namespace"),
        Ask(Batch, Vault, "/namespace") with { Method = "DELETE" },
        Ask(Legacy, Vault, "/method"),
        Ask(Front, Vault, "/method") with { Method = "POST" },
        Ask(Front, Vault, "/method/root/x"),
        Ask(Front, Vault, "/header"),
        Ask(Front, Vault, "/header", ("x-role", "admin")),
        Ask(Front, Vault, "/header", ("X-Role", "ops-7")),
        Ask(Front, Vault, "/header", ("x-role", "Admin")),
        Ask(Front, Vault, "/header", ("x-role", "admin"), ("x-deny", "now")),
        Ask(Legacy, Vault, "/anything") with { Port = 81 },
        Ask(Front, Vault, "/files/a.txt"),
        Ask(Front, Vault, "/files/secret.txt"),
        Ask(Front, Vault, "/files/a.key"),
        Ask(Front, Vault, "/files/a.key?x=1"),
        Ask(Front, Vault, "/strangers"),
        Ask(Narrow, Vault, "/strangers"),
        Ask(Legacy, Vault, "/strangers"),
        Ask(Front, Vault, "/anonymous"),
        Ask(Legacy, Vault, "/anonymous"),
        Ask(Front, Vault, "/host"),
        Ask(Legacy, Vault, "/host") with { Host = "vault.example" },
        Ask(Legacy, Vault, "/host") with { Host = "a.VAULT.example" },
        Ask(Front, Vault, "/template/one/end"),
        Ask(Front, Vault, "/template/one/two/end"),
        Ask(Front, Vault, "/deep/one/two/end"),
        Ask(Batch, Vault, "/when"),
        Ask(Front, Vault, "/when"),
        Ask(Batch, Vault, "/account"),
        Ask(Front, Vault, "/account"),
        Ask(Front, Vault, "/keep") with { Method = "PUT" },
        Ask(Front, Vault, "/keep") with { Method = "DELETE" },
        Ask(Front, Vault, "/presence", ("x-trace", "7")),
        Ask(Front, Vault, "/presence"),
        Ask(Front, Vault, "/unblocked"),
        Ask(Front, Vault, "/unblocked", ("x-block", "1")),
        Ask(Front, Vault, "/destination"),
        Ask(Front, Vault, "/remote", ("X-Forwarded-For", "203.0.113.9")),
        Ask(Front, Vault, "/remote", ("X-Forwarded-For", "198.51.100.9")),
        Ask(Front, Vault, "/unknown"),
        Ask(Front, "pairs-guarded/vault-plain", "/principal/x"),
        Ask(Front, "pairs-guarded/vault-plain", "/anonymous"),
        Ask(Narrow, Vault, "/anonymous"),
        Ask(Front, "pairs-guarded/ledger", "/x") with { Port = 9000 },
        Ask(Batch, "pairs-guarded/ledger", "/x") with { Port = 9000 },
        Ask(Legacy, "pairs-guarded/ledger", "/x") with { Port = 9000 },
        Ask(Front, "pairs-guarded/ledger", "/x") with { Port = 9001 },
        Ask(Batch, "pairs-guarded/ledger", "/x"),
        Ask(Batch, "pairs-guarded/ledger", "/y"),
        Ask(Front, Batch, "/x"),
        Ask(Batch, Front, "/x"),
        Ask(Legacy, Front, "/x"),
        Ask(Front, "pairs-strict/echo", "/x"),
        Ask(Legacy, "pairs-strict/echo", "/x"),
        Ask(Legacy, "pairs-strict/echo", "/x") with { Port = 81 },
        Ask(Front, "pairs-strict/echo", "/x") with { Port = 82 },
        Ask(Front, "pairs-strict/echo-disable", "/x"),
        Ask(Front, "pairs-strict/echo-mutual", "/x") with { Port = 82 },
        Ask(Narrow, "pairs-strict/echo", "/x"),
        Ask(Closed, "pairs-permissive/echo", "/x"),
        Ask(Front, "pairs-disabled/trap", "/x"),
        Ask(Front, "pairs-plain/legacy-mutual", "/x"),
        Ask(Legacy, Legacy, "/x"),
    ];

    private readonly List<IDisposable> _applications = [];

    public void Dispose() => _applications.ForEach(application => application.Dispose());

    [Fact]
    public async Task Verdicts_are_what_happens_to_requests()
    {
        mesh.SkipWhenAbsent();
        await mesh.ApplyAsync(Path.Combine(AppContext.BaseDirectory, "VerdictMesh.yaml"));
        var pods = (await mesh.ReadyAsync("pairs-")).ToDictionary(pod => pod.Key);
        await mesh.ConvergeAsync([.. pods.Values.Where(pod => pod is { HasSidecar: true, IsGateway: false })]);
        await mesh.RedirectToPodsAsync(pods[Front]);
        _applications.Add(new PlainApplication(pods[Legacy].IP, 8080));
        _applications.Add(new PlainApplication(pods[Legacy].IP, 8443, tls: true));
        _applications.Add(new PlainApplication(pods["pairs-permissive/bare"].IP, 8080));

        var live = await mesh.SnapshotAsync();
        var files = await LabMesh.ExportAsync();
        var tls = new[] { new MeshTlsResolver(live), new MeshTlsResolver(files) };
        var authorization = new[] { new AuthorizationTester(live), new AuthorizationTester(files) };
        var services = live.Services.ToDictionary(service => service.Key);

        await LabMesh.EventuallyAsync(async () => (await SendAsync(live, Front, Edge, 9000, services[Edge].ClusterIP, "/x")).Code == 200, "the gateway answers");

        var pairs = new List<Pair>();
        foreach (var question in TlsQuestions)
        {
            var verdicts = tls.Select(resolver => resolver.Resolve(services[question.To], client => client.Pods.Any(pod => pod.Key == question.From)).Single(verdict => verdict.Port == question.Port).Status);
            pairs.Add(new Pair($"{question.From} -> {question.To}:{question.Port}", [.. verdicts.Select(status => status.ToString())], await TransportAsync(live, question)));
        }

        foreach (var request in Requests)
        {
            var verdicts = authorization.Select(tester => tester.Run(request).Single().Decision);
            pairs.Add(new Pair($"{request.From} -> {request.To}:{request.Port} {request.Method} {request.Path} {string.Join(' ', request.Headers)}", [.. verdicts.Select(decision => Visible(decision, request))], await FateAsync(live, request)));
        }

        foreach (var pair in pairs)
            output.WriteLine($"{(pair.IsEqual ? "equal" : "OTHER")}  {pair.Question,-90} verdict {pair.Verdicts[0],-10} from files {pair.Verdicts[1],-10} happened {pair.Happened}");
        output.WriteLine($"{pairs.Count(pair => pair.IsEqual)} of {pairs.Count} pairs are equal.");
        Assert.True(pairs.Count >= 30);
        Assert.DoesNotContain(pairs, pair => !pair.IsEqual);
    }

    private static AuthorizationQuery Ask(string from, string to, string path, params (string Name, string Value)[] headers) =>
        new() { From = from, To = to, Port = 80, Path = path, Headers = headers.ToDictionary(header => header.Name, header => header.Value) };

    // What happens to all requests: which endpoint or subset each reaches is chosen by chance, but for a headless service by the client.
    private async Task<string> TransportAsync(MeshSnapshot live, TlsQuestion question)
    {
        var service = live.Services.Single(service => service.Key == question.To);
        var endpoints = live.EndpointSlices.Where(slice => slice.Namespace == service.Namespace && slice.Service == service.Name).SelectMany(slice => slice.Endpoints).ToArray();
        var seen = new HashSet<string>();
        foreach (var address in service.IsHeadless ? endpoints.Select(endpoint => endpoint.Address) : Enumerable.Repeat(service.ClusterIP, question.Requests))
        {
            var (code, body) = await SendAsync(live, question.From, question.To, question.Port, address, "/x");
            seen.Add((code, body) switch
            {
                (not 200, _) => nameof(TlsStatus.Broken),
                // The client's own TLS, to which its proxy adds nothing.
                (_, PlainApplication.OverTls) when question.Port == TlsPort => nameof(TlsStatus.Plaintext),
                (_, PlainApplication.OverTls) => nameof(TlsStatus.AppTls),
                // A server of connections names nobody, and is STRICT.
                _ when question.Port is 9000 or 9001 => nameof(TlsStatus.Secured),
                // The server's proxy names the client's certificate to the application.
                _ when body.Contains("\"X-Forwarded-Client-Cert\":[\"By=spiffe://", StringComparison.Ordinal) => nameof(TlsStatus.Secured),
                _ => nameof(TlsStatus.Plaintext),
            });
        }

        return seen.Count == 1 ? seen.Single() : nameof(TlsStatus.Mixed);
    }

    private async Task<string> FateAsync(MeshSnapshot live, AuthorizationQuery request)
    {
        var service = live.Services.Single(service => service.Key == request.To);
        string[] arguments = [.. request.Headers.SelectMany(header => new[] { "-H", $"{header.Key}: {header.Value}" }), "-X", request.Method];
        if (request.Host is not null)
            arguments = [.. arguments, "-H", $"Host: {request.Host}"];
        var (code, body) = await SendAsync(live, request.From!, request.To, request.Port, service.ClusterIP, request.Path, arguments);
        return (code, body) switch
        {
            (200, _) => "Allow",
            (403, "RBAC: access denied") => "Deny",
            // The client's own proxy answers when the server's ends the connection, or when it ends the call itself.
            (0 or 502 or 503, _) => "Reset",
            _ => $"{code} {body}",
        };
    }

    // A denied TCP connection is reset, and so is one that the port does not take.
    private static string Visible(AuthorizationDecision decision, AuthorizationQuery request) => decision switch
    {
        AuthorizationDecision.Deny when request.Port < 9000 => "Deny",
        AuthorizationDecision.Deny or AuthorizationDecision.NoListener => "Reset",
        _ => decision.ToString(),
    };

    private async Task<(int Code, string Body)> SendAsync(MeshSnapshot live, string from, string to, int port, string address, string path, params string[] arguments)
    {
        var client = live.Pods.Single(pod => pod.Key == from);
        var host = $"{to.Split('/')[1]}.{to.Split('/')[0]}.svc.cluster.local";
        var answer = (await mesh.CurlAsync(
            client,
            ["-s", "-k", "--max-time", "20", "--path-as-is", "--connect-to", $"::{address}:{port}", "-w", "\n%{http_code}", .. arguments, $"{(port == TlsPort ? "https" : "http")}://{host}:{port}{path}"])).Output;
        var end = answer.LastIndexOf('\n');
        return (int.Parse(answer[(end + 1)..], CultureInfo.InvariantCulture), answer[..end]);
    }

    private sealed record TlsQuestion(string From, string To, int Port = 80, int Requests = 1);

    private sealed record Pair(string Question, IReadOnlyList<string> Verdicts, string Happened)
    {
        internal bool IsEqual => Verdicts.All(verdict => verdict == Happened);
    }
}
