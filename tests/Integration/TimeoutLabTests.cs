using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// Time-outs, retries, shares and copies as <c>Get-MeshTimeout</c> tells them, beside the routes that real proxies hold and what happens to
/// requests (<c>TimeoutMesh.yaml</c>). Applications count, so nothing depends on how fast the machine is.
/// </summary>
[Collection(nameof(LabMesh))]
public sealed class TimeoutLabTests(LabMesh mesh, ITestOutputHelper output) : IDisposable
{
    private const int Requests = 1000;

    private static readonly string[] Callers = ["times-callers/front", "times-callers/batch", "times-scoped/narrow", "times-scoped/blind"];

    private static readonly Question[] Questions =
    [
        new("front", "shop", "/tries/hang", "/tries*"),
        new("narrow", "shop", "/tries/hang", "/tries*"),
        new("front", "shop", "/limit/hang", "/limit*"),
        new("front", "shop", "/limit/503", "/limit*"),
        new("front", "shop", "/limit/500", "/limit*"),
        new("front", "shop", "/limit/409", "/limit*"),
        new("front", "shop", "/refused/hang", "/refused*"),
        new("front", "shop", "/refused/503", "/refused*"),
        new("front", "shop", "/gone/503", "/gone*"),
        new("front", "shop", "/gone/418", "/gone*"),
        new("front", "shop", "/gone/502", "/gone*"),
        new("batch", "shop", "/gone/503", "/gone*"),
        new("front", "shop", "/conflict/409", "/conflict/409"),
        new("front", "shop", "/never/503", "~/never/.*"),
        new("front", "shop", "/report/503", "*"),
        new("batch", "shop", "/report/503", "/report*"),
        new("front", "shop", "/x/503", "x-canary=true", Header: "x-canary: true"),
        new("front", "shop", "/second/502", "*", Port: 81),
        new("front", "shop", "/second/500", "*", Port: 81),
        new("narrow", "shop", "/second/hang", "*", Port: 81),
        new("front", "shop", "/old", "/old*"),
        new("front", "shop", "/teapot", "/teapot"),
        new("front", "shop", "/elsewhere", "/elsewhere*"),
        new("front", "plain", "/plain/503", "*"),
        new("batch", "plain", "/plain/200", "*"),
        new("front", "ledger", "/ledger/hang", "*"),
        new("batch", "ledger", "/ledger/504", "*"),
        new("narrow", "ledger", "/ledger/503", "*"),
    ];

    private readonly List<CountingApplication> _applications = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _applications.ForEach(application => application.Dispose());

    [Fact]
    public async Task Routes_are_what_proxies_hold_and_what_happens_to_requests()
    {
        mesh.SkipWhenAbsent();
        await mesh.ApplyAsync(Path.Combine(AppContext.BaseDirectory, "TimeoutMesh.yaml"));
        var pods = (await mesh.ReadyAsync("times-")).ToDictionary(pod => pod.Name);
        var live = await mesh.SnapshotAsync();
        await mesh.ConvergeAsync([.. pods.Values.Where(pod => pod.HasSidecar)]);
        foreach (var name in new[] { "shop-v1", "shop-v2", "copies" })
            _applications.Add(new CountingApplication(pods[name].IP, 8080));

        await ProxiesHoldWhatVerdictsSayAsync(pods);
        await RequestsMeetWhatVerdictsSayAsync(live, pods);
        await WithoutATimeoutARequestOutlivesThoseThatHaveOneAsync(live, pods);
        await SharesAreKeptAsync(live, pods);
        await CopiesArriveAsync(live, pods);
        await TheMeshHasRetriesOfItsOwnAsync(pods);
    }

    // Every route of every service to every caller; and the same from files as from the API server.
    private async Task ProxiesHoldWhatVerdictsSayAsync(Dictionary<string, PodRecord> pods)
    {
        var live = await mesh.SnapshotAsync();
        var files = await LabMesh.ExportAsync();
        var fromFiles = Rows(files).ToLookup(row => (row.Service, row.Port, Clients(row)), EnvoyRoutes.Of);
        var compared = 0;
        var others = 0;
        foreach (var caller in Callers.Select(name => pods[name.Split('/')[1]]))
        {
            var dump = await RoutesAsync(caller);
            foreach (var service in Rows(live).GroupBy(row => (row.Service, row.Port)))
            {
                var host = service.Key.Service.Contains('.') ? service.Key.Service : $"{service.Key.Service}.times-shop.svc.cluster.local";
                var held = EnvoyRoutes.Of(dump, host, service.Key.Port);
                var own = service.Where(row => IsOf(row, caller)).ToArray();
                Assert.Equal(own.Select(row => row.Route), Enumerable.Range(1, own.Length));
                Assert.All(own, row => Assert.Contains(EnvoyRoutes.Of(row), fromFiles[(row.Service, row.Port, Clients(row))]));
                for (var i = 0; i < Math.Max(held.Count, own.Length); i++)
                {
                    var verdict = own.Length > i ? EnvoyRoutes.Of(own[i]) : "none";
                    var truth = held.Count > i ? held[i] : "none";
                    compared++;
                    others += verdict == truth ? 0 : 1;
                    output.WriteLine($"{(verdict == truth ? "equal" : "OTHER")}  {caller.Key} -> {host}:{service.Key.Port} {verdict}{(verdict == truth ? "" : $"\n       the proxy holds {truth}")}");
                }
            }
        }

        output.WriteLine($"{compared - others} of {compared} routes are equal.");
        Assert.True(compared >= 60);
        Assert.Equal(0, others);
    }

    private async Task RequestsMeetWhatVerdictsSayAsync(MeshSnapshot live, Dictionary<string, PodRecord> pods)
    {
        var rows = Rows(live).ToArray();
        var others = 0;
        foreach (var question in Questions)
        {
            var row = rows.Single(row => row.Service == question.To && row.Port == question.Port && row.Match == question.Match && IsOf(row, pods[question.From]));
            var before = Counted(question.Path);
            var status = (await SendAsync(live, pods, question.From, question.To, question.Port, question.Path, question.Header is null ? [] : ["-H", question.Header])).Trim();
            var verdict = Expected(row, question);
            var happened = $"{status} after {Counted(question.Path) - before} requests";
            others += verdict == happened ? 0 : 1;
            output.WriteLine($"{(verdict == happened ? "equal" : "OTHER")}  {question.From,-6} -> {question.To}:{question.Port} {question.Path,-16} verdict {verdict,-22} happened {happened}");
        }

        output.WriteLine($"{Questions.Length - others} of {Questions.Length} requests are equal.");
        Assert.Equal(0, others);
    }

    private async Task WithoutATimeoutARequestOutlivesThoseThatHaveOneAsync(MeshSnapshot live, Dictionary<string, PodRecord> pods)
    {
        const string Path = "/report/hold";
        Assert.Null(Rows(live).Single(row => row.Service == "shop" && row.Port == 80 && row.Match == "/report*").LongestDuration);
        var held = SendAsync(live, pods, "batch", "shop", 80, Path);
        await LabMesh.EventuallyAsync(() => Task.FromResult(Counted(Path) == 1), "the request is held");

        Assert.Equal("504", await SendAsync(live, pods, "batch", "shop", 80, "/limit/hang"));
        Assert.False(held.IsCompleted);

        _applications.ForEach(application => application.Release());
        Assert.Equal("200", await held);
        Assert.Equal(1, Counted(Path));
    }

    // Seven standard deviations of a binomial distribution: once in 10^11 runs by chance.
    private async Task SharesAreKeptAsync(MeshSnapshot live, Dictionary<string, PodRecord> pods)
    {
        var row = Rows(live).Single(row => row.Service == "shop" && row.Port == 80 && row.Match == "*" && IsOf(row, pods["front"]));
        await SendAsync(live, pods, "front", "shop", 80, $"/shared?[1-{Requests}]");
        Assert.Equal(Requests, Counted("/shared"));
        foreach (var (destination, application) in row.Destinations.Zip(_applications))
        {
            var count = application.Count("/shared");
            output.WriteLine($"{count} of {Requests} requests went to {destination}.");
            InRange(destination.Percent, count);
        }
    }

    private async Task CopiesArriveAsync(MeshSnapshot live, Dictionary<string, PodRecord> pods)
    {
        foreach (var path in new[] { "/copied", "/sampled" })
        {
            var mirror = Assert.Single(Rows(live).Single(row => row.Service == "shop" && row.Port == 80 && row.Match == path + "*" && IsOf(row, pods["front"])).Mirrors);
            await SendAsync(live, pods, "front", "shop", 80, $"{path}?[1-{Requests}]");
            Assert.Equal(Requests, _applications[0].Count(path));

            // Nobody waits for copies: the last ones may still be under way.
            var least = mirror.Percent < 100 ? Bounds(mirror.Percent).Low : Requests;
            await LabMesh.EventuallyAsync(() => Task.FromResult(_applications[2].Count(path) >= least), $"copies of {path} have arrived");
            output.WriteLine($"{_applications[2].Count(path)} of {Requests} requests were copied to {mirror}.");
            InRange(mirror.Percent, _applications[2].Count(path));
        }
    }

    // What is set for the whole mesh counts where a route says nothing.
    private async Task TheMeshHasRetriesOfItsOwnAsync(Dictionary<string, PodRecord> pods)
    {
        var configs = new[] { LabMesh.Revision, LabMesh.OtherRevision }.Select(revision => new ObjectReference("", "ConfigMap", "istio-system", $"istio-{revision}")).ToArray();
        var before = new List<string>();
        foreach (var config in configs)
            before.Add((string)(await mesh.Api.GetAsync(config, Stop))!.Json["data"]!["mesh"]!);
        try
        {
            foreach (var (config, text) in configs.Zip(before))
                await WriteAsync(config, $"{text.TrimEnd()}\ndefaultHttpRetryPolicy: {{ attempts: 4, retryOn: \"503\" }}\n");
            foreach (var caller in Callers.SkipLast(1))
                await LabMesh.EventuallyAsync(async () => HasRetriesOfMesh(await RoutesAsync(pods[caller.Split('/')[1]])), $"{caller} has the mesh's retries");

            await ProxiesHoldWhatVerdictsSayAsync(pods);
            var live = await mesh.SnapshotAsync();
            var row = Rows(live).Single(row => row.Service == "plain" && IsOf(row, pods["front"]));
            Assert.Equal((4, SettingOrigin.MeshConfig), (row.Attempts, row.RetriesOrigin));
            Assert.Equal("503", await SendAsync(live, pods, "front", "plain", 80, "/meshwide/503"));
            Assert.Equal(row.Tries, Counted("/meshwide/503"));
        }
        finally
        {
            foreach (var (config, text) in configs.Zip(before))
                await WriteAsync(config, text);
        }

        // A route that says nothing of retries itself.
        static bool HasRetriesOfMesh(string dump) => EnvoyRoutes.Of(dump, "shop.times-shop.svc.cluster.local", 80)
            .Any(route => route.StartsWith("[/elsewhere*] ", StringComparison.Ordinal) && route.Contains(" retries 4 ", StringComparison.Ordinal));

        Task WriteAsync(ObjectReference config, string text) =>
            mesh.Api.MergePatchAsync(config, new JsonObject { ["data"] = new JsonObject { ["mesh"] = text } }, new WriteOptions { FieldManager = "the-lab" }, Stop);
    }

    // What the verdict says will happen, given what the application does.
    private static string Expected(MeshTimeout row, Question question)
    {
        var last = question.Path[(question.Path.LastIndexOf('/') + 1)..];
        return row.Action switch
        {
            RouteAction.Redirect => "301 after 0 requests",
            RouteAction.DirectResponse => "418 after 0 requests",
            _ when !row.Destinations[0].IsKnown => "503 after 0 requests",
            // A try that takes too long ends as 504, which is retried like an answer of the application; the route's own time-out ends all tries.
            _ when last == "hang" => $"504 after {(row.PerTryTimeout is not null && Retries(row, 504) ? row.Tries : 1)} requests",
            _ => $"{last} after {(Retries(row, int.Parse(last, CultureInfo.InvariantCulture)) ? row.Tries : 1)} requests",
        };
    }

    // Envoy's documentation of the router filter, x-envoy-retry-on.
    private static bool Retries(MeshTimeout row, int status) => row.RetryOn.Any(condition => condition switch
    {
        "5xx" => status >= 500,
        "gateway-error" => status is >= 502 and <= 504,
        "retriable-4xx" => status == 409,
        _ => condition == status.ToString(CultureInfo.InvariantCulture),
    });

    private static IEnumerable<MeshTimeout> Rows(MeshSnapshot snapshot)
    {
        var resolver = new MeshTimeoutResolver(snapshot);
        return snapshot.Services.Where(service => service.Namespace == "times-shop").SelectMany(resolver.Resolve)
            .Concat(ServiceHost.Of(snapshot).Where(host => host.Namespace == "times-shop").SelectMany(resolver.Resolve));
    }

    private static bool IsOf(MeshTimeout row, PodRecord pod) => row.Clients.Contains(pod.Namespace) || row.Clients.Contains($"{pod.Namespace}/{pod.Labels["app"]}");

    private static string Clients(MeshTimeout row) => string.Join(' ', row.Clients);

    private static (int Low, int High) Bounds(double percent)
    {
        var share = percent / 100;
        var tolerance = 7 * Math.Sqrt(Requests * share * (1 - share));
        return ((int)Math.Floor((Requests * share) - tolerance), (int)Math.Ceiling((Requests * share) + tolerance));
    }

    private static void InRange(double percent, int count) => Assert.InRange(count, Bounds(percent).Low, Bounds(percent).High);

    private int Counted(string path) => _applications.Sum(application => application.Count(path));

    private async Task<string> RoutesAsync(PodRecord pod) => (await mesh.CurlAsync(pod, "-s", "localhost:15000/config_dump?resource=dynamic_route_configs")).Output;

    // The status of the last answer.
    private async Task<string> SendAsync(MeshSnapshot live, Dictionary<string, PodRecord> pods, string from, string to, int port, string path, params string[] arguments)
    {
        var address = live.Services.Single(service => service.Key == $"times-shop/{to}").ClusterIP;
        var url = FormattableString.Invariant($"http://{to}.times-shop.svc.cluster.local:{port}{path}");
        var answer = await mesh.CurlAsync(pods[from], ["-s", "-w", "\n%{http_code}", "--connect-to", $"::{address}:{port}", .. arguments, url]);
        return answer.Output[(answer.Output.LastIndexOf('\n') + 1)..];
    }

    private sealed record Question(string From, string To, string Path, string Match, int Port = 80, string? Header = null);
}
