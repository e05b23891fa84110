using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Requirements;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// Zero trust, rate limits and the identity of tenants with real proxies: a product of three services, each with one pod in which
/// pilot-agent and Envoy run.
/// </summary>
public sealed class MeshRequirementLabTests : IDisposable
{
    private const string Issuer = "https://login.example/";
    private static readonly string[] Services = ["front", "middle", "back"];

    private readonly KubernetesApi? _api;
    private readonly string? _lab = Environment.GetEnvironmentVariable("VOICECORE_TEST_LAB");

    public MeshRequirementLabTests()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");
        Assert.SkipWhen(kubeconfig is null || _lab is null, "VOICECORE_TEST_LAB names no lab, or VOICECORE_TEST_KUBECONFIG not its kubeconfig.");
        _api = KubernetesApiFactory.Create(kubeconfig, context: null);
    }

    private KubernetesApi Api => _api!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _api?.Dispose();

    [Fact]
    public async Task What_the_definition_states_holds_between_real_proxies()
    {
        using var keys = new KeyServer();
        var definition = Definition(keys.Address, "ENFORCE");
        try
        {
            await InstallAsync(definition);
            foreach (var (ns, name) in Services.Select(name => ("trio", name)).Append(("trio-ingress", "trio-gateway")))
                await RestartAsync(ns, name);

            await OnlyListedCallsGetThroughAsync(definition);
            await TheEvidenceSaysTheSameAsync(definition);
            await TheLimitIsKeptAsync();
            await TheTenantComesFromTheTokenAsync(keys);
            await ValidationIsOnAsync();

            await InstallAsync(Definition(keys.Address, "SHADOW"));
            await RestartAsync("trio", "middle");
            await EventuallyAsync((await PodAsync("middle")).Json["status"]!["podIP"]!.ToString(), () => HostsAsync("front", "middle"));
            Assert.All(await StatusesAsync(8, "front", "http://middle.trio/x"), status => Assert.Equal("200", status));
        }
        finally
        {
            var plan = await new MeshUninstallPlanner(Api).PlanAsync(definition.Product, removeCrds: false, SilentActivityLog.Instance, CancellationToken.None);
            await foreach (var step in new MeshUninstaller(Api, Istioctl(), TimeSpan.FromMinutes(2), SilentActivityLog.Instance).ApplyAsync(plan, null, CancellationToken.None))
                Assert.Null(step.Error);
        }
    }

    // Every pair of a service and a service, calls to oneself among them, and what the simulation says of it beforehand.
    private async Task OnlyListedCallsGetThroughAsync(MeshDefinition definition)
    {
        var simulated = AccessSimulation.Run(await ClusterSnapshot.ReadAsync(Api, SilentActivityLog.Instance, Stop), definition);
        foreach (var caller in Services)
        {
            await RedirectToItselfAsync(caller);
            foreach (var service in Services)
            {
                var expected = simulated.Single(change => change.Caller == $"trio/{caller}" && change.Service == $"trio/{service}");
                Assert.Equal(definition.Services.Single(one => one.Name == service).Callers.Contains(caller), expected.Planned == AuthorizationDecision.Allow);
                await EventuallyAsync(expected.Planned == AuthorizationDecision.Allow ? "200" : "403", () => StatusAsync(caller, $"http://{service}.trio/x"));
            }
        }
    }

    // What the proxies have just shown, the evidence says.
    private async Task TheEvidenceSaysTheSameAsync(MeshDefinition definition)
    {
        var requirements = RequirementCheck.Run(await ClusterSnapshot.ReadAsync(Api, SilentActivityLog.Instance, Stop), definition, id => id is "1.1" or "1.2" or "1.5" or "1.6");
        Assert.All(requirements, requirement => Assert.True(requirement.Status == RequirementStatus.Satisfied, $"{requirement.Id}: {requirement.Reason}"));
        Assert.Equal(
            Services.Length * Services.Length,
            requirements.Single(requirement => requirement.Id == "1.6").Evidence.Count(piece => Services.Any(caller => piece.Field.StartsWith($"GET / of trio/{caller} ", StringComparison.Ordinal))));
    }

    // Five requests in ten minutes, of which the small tenant has two. A new pod has a full bucket.
    private async Task TheLimitIsKeptAsync()
    {
        await RestartAsync("trio", "middle");
        await EventuallyAsync((await PodAsync("middle")).Json["status"]!["podIP"]!.ToString(), () => HostsAsync("front", "middle"));
        Assert.Equal(["200", "200", "429"], await StatusesAsync(3, "front", "http://middle.trio/x", "-H", "x-tenant-id: small"));
        Assert.Equal(["200", "200", "200", "429", "429"], await StatusesAsync(5, "front", "http://middle.trio/x", "-H", "x-tenant-id: large"));
    }

    // The pods answer with the headers that reached them.
    private async Task TheTenantComesFromTheTokenAsync(KeyServer keys)
    {
        const string Gateway = "http://trio-gateway.trio-ingress";
        string[] token = ["-H", $"Authorization: Bearer {keys.Token("acme")}", "-H", "x-tenant-id: forged"];
        await EventuallyAsync("200", () => StatusAsync("front", $"{Gateway}/x", token));

        Assert.Contains("\"X-Tenant-Id\":[\"acme\"]", await CurlAsync("front", ["-s", .. token, $"{Gateway}/x"]), StringComparison.Ordinal);
        Assert.DoesNotContain("forged", await CurlAsync("front", ["-s", "-H", "x-tenant-id: forged", $"{Gateway}/public/x"]), StringComparison.Ordinal);
        Assert.Equal("403", await StatusAsync("front", $"{Gateway}/x"));
        Assert.Equal("401", await StatusAsync("front", $"{Gateway}/public/x", "-H", "Authorization: Bearer nonsense"));
    }

    // What istiod would refuse was not applied only because nobody looked at it.
    private async Task ValidationIsOnAsync()
    {
        var policy = MeshRenderer.Render(Definition("http://127.0.0.1", "ENFORCE"), new RenderOptions { Revision = "default" }).Objects
            .Single(item => item.Object.Kind == "AuthorizationPolicy" && item.Object.Name == "front").Object.Json.DeepClone().AsObject();
        policy["spec"]!["rules"]![0]!["to"]![0]!["operation"]!["ports"]![0] = "http";
        var error = await Assert.ThrowsAsync<MeshException>(() => Api.ApplyAsync(new KubernetesObject(policy), new ApplyOptions { DryRun = true }, Stop));
        Assert.Equal("AdmissionDenied", error.Id);
    }

    private async Task InstallAsync(MeshDefinition definition)
    {
        var plan = await new MeshPlanner(Api, Istioctl()).PlanAsync(
            new MeshInstallRequest { Definition = definition, IncludeWorkloads = true }, SilentActivityLog.Instance, Stop);
        await foreach (var step in new MeshInstaller(Api, Istioctl(), TimeSpan.FromMinutes(2), SilentActivityLog.Instance).ApplyAsync(plan, force: false, Stop))
            Assert.Null(step.Error);
    }

    // A new pod, with a real proxy.
    private async Task RestartAsync(string ns, string name)
    {
        var reference = new ObjectReference("apps", "Deployment", ns, name);
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["annotations"] = new JsonObject { ["meshlab/proxy"] = "true", ["restarted"] = Guid.NewGuid().ToString() },
                    },
                },
            },
        };
        var generation = (int)(await Api.MergePatchAsync(reference, patch, new WriteOptions { FieldManager = "the-lab" }, Stop)).Json["metadata"]!["generation"]!;
        await EventuallyAsync("1 of 1", async () =>
        {
            var status = (await Api.GetAsync(reference, Stop))!.Json["status"];
            return (int?)status?["observedGeneration"] >= generation && (int?)status["updatedReplicas"] == 1
                ? $"{(int?)status["availableReplicas"]} of {(int?)status["replicas"]}"
                : "not yet";
        });
    }

    // The addresses to which a caller's proxy sends: that of the pod before is among them for a moment.
    private async Task<string> HostsAsync(string caller, string service) => string.Join(' ',
        (await CurlAsync(caller, ["-s", "localhost:15000/clusters"])).Split('\n')
            .Where(line => line.StartsWith($"outbound|80||{service}.trio.svc.cluster.local", StringComparison.Ordinal) && line.Contains("::health_flags::", StringComparison.Ordinal))
            .Select(line => line.Split("::")[1].Split(':')[0]));

    private async Task<KubernetesObject> PodAsync(string app)
    {
        var resource = await Api.FindResourceAsync("", "Pod", null, Stop);
        await foreach (var pod in Api.ListAsync(resource!, "trio", new ListOptions { LabelSelector = $"app={app}" }, Stop))
        {
            if (pod.Json["metadata"]!["deletionTimestamp"] is null)
                return pod;
        }

        throw new InvalidOperationException($"{app} has no pod.");
    }

    private Task<string> StatusAsync(string app, string url, params string[] arguments) =>
        CurlAsync(app, ["-s", "-o", OperatingSystem.IsWindows() ? "NUL" : "/dev/null", "-w", "%{http_code}", .. arguments, url]);

    private async Task<List<string>> StatusesAsync(int count, string app, string url, params string[] arguments)
    {
        var statuses = new List<string>();
        while (statuses.Count < count)
            statuses.Add(await StatusAsync(app, url, arguments));
        return statuses;
    }

    // As istio-iptables does and the lab does not: what a proxy sends to its own pod comes in through its inbound side, but for what comes from
    // there (127.0.0.6) on its way to the application.
    private async Task RedirectToItselfAsync(string app) => await ExecAsync(
        app,
        "iptables", "-t", "nat", "-I", "OUTPUT", "1", "-o", "lo", "!", "-s", "127.0.0.6/32", "-d", (await PodAsync(app)).Json["status"]!["podIP"]!.ToString(),
        "-p", "tcp", "--dport", "8080", "-j", "REDIRECT", "--to-ports", "15006");

    private Task<string> CurlAsync(string app, string[] arguments) => ExecAsync(app, ["curl", "--max-time", "10", .. arguments]);

    private async Task<string> ExecAsync(string app, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(_lab!, ["pod-exec", $"trio/{(await PodAsync(app)).Name}", .. command])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return output.Trim();
    }

    // Configuration reaches the proxies in its own time.
    private static async Task EventuallyAsync(string expected, Func<Task<string>> ask)
    {
        var waited = Stopwatch.StartNew();
        string answer;
        while ((answer = await ask()) != expected && waited.Elapsed < TimeSpan.FromSeconds(60))
            await Task.Delay(200, Stop);
        Assert.Equal(expected, answer);
    }

    private IIstioctl Istioctl() => IstioctlFactory.Create(path: null, Api.Connection, _ => throw new InvalidOperationException("not a sandbox"));

    private static MeshDefinition Definition(string keys, string limits) => MeshDefinitionReader.Read($$"""
        apiVersion: mesh.voicecore.io/v1
        kind: MeshDefinition
        product: trio
        namespace: trio
        namespaces:
          trio: { injection: true }
          trio-ingress: { injection: false }
          istio-system: { injection: false }
        zeroTrust: { mode: ENFORCE }
        rateLimits:
          mode: {{limits}}
          tenant: { issuer: "{{Issuer}}", jwksUri: "{{keys}}", claim: tenant, header: x-tenant-id, publicPaths: [/public/*] }
          quotas:
            redisAddress: redis.data.svc.cluster.local:6379
            limits:
              all: { requests: 100, unit: HOUR }
              calls: { requests: 60, unit: MINUTE, pathPrefix: /calls }
        controlPlane:
          replicas: 1
          # The lab's Envoy lacks Istio's own filters.
          settings: { values.telemetry.enabled: "false" }
        images: { registry: registry.example.com/trio, tag: "1" }
        gateways:
          ingress: { name: trio-gateway, namespace: trio-ingress, replicas: 1, ports: { http: { port: 80, protocol: HTTP } }, backend: front }
        services:
          front:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            callers: [ingress]
          middle:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            callers: [front]
            rateLimit: { requests: 5, interval: 10m, tenants: { small: 2 } }
          back:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            callers: [middle, front]
        """).Definition!;

    /// <summary>An issuer of tokens: its public key over HTTP, and tokens signed with the private one.</summary>
    private sealed class KeyServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly RSA _key = RSA.Create(2048);

        internal KeyServer()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        internal string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/keys");

        internal string Token(string tenant)
        {
            var expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
            var signed = $"{Encode(Encoding.UTF8.GetBytes("""{"alg":"RS256","kid":"1"}"""))}.{Encode(Encoding.UTF8.GetBytes($$"""{"iss":"{{Issuer}}","sub":"user","tenant":"{{tenant}}","exp":{{expiry}}}"""))}";
            return $"{signed}.{Encode(_key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }

        public void Dispose()
        {
            _listener.Dispose();
            _key.Dispose();
        }

        private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        private async Task ServeAsync()
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            var body = $$"""{"keys":[{"kty":"RSA","kid":"1","alg":"RS256","use":"sig","n":"{{Encode(key.Modulus!)}}","e":"{{Encode(key.Exponent!)}}"}]}""";
            var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    using var reader = new StreamReader(stream, Encoding.ASCII);
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                        // The request says nothing that matters here.
                    }

                    await stream.WriteAsync(answer);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
