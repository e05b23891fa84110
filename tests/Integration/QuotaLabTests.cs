using System.Diagnostics;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// Quotas as the definition renders them, counted by the real rate limit service with a real Redis: both run in the pods of their Deployments
/// behind real proxies, with the variables, arguments and configuration that these have. <c>VOICECORE_TEST_RATELIMIT</c> names the program
/// (https://github.com/envoyproxy/ratelimit, <c>src/service_cmd</c>).
/// </summary>
public sealed class QuotaLabTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Service = "rate-limit";
    private const string Redis = "rate-limit-redis";
    private const string Gateway = "http://toll-gateway.toll-ingress";

    private static readonly string? Program = Environment.GetEnvironmentVariable("VOICECORE_TEST_RATELIMIT");

    private readonly DirectoryInfo _runtime = Directory.CreateTempSubdirectory("voicecore-ratelimit-");
    private readonly KeyServer _keys = new();
    private readonly List<Process> _processes = [];
    private LabInstallation? _lab;

    private LabInstallation Lab => _lab!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Program is null, "VOICECORE_TEST_RATELIMIT names no program of Envoy's rate limit service.");
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server"))), "redis-server is not on PATH.");
        Assert.SkipWhen(DateTime.UtcNow.TimeOfDay >= new TimeSpan(23, 50, 0), "The day that the quotas are for ends at midnight (UTC), and with it their counts.");
        _lab = await LabInstallation.ConnectAsync();
    }

    public ValueTask DisposeAsync()
    {
        _processes.ForEach(End);
        _keys.Dispose();
        _lab?.Dispose();
        _runtime.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Tenants_have_the_quotas_that_the_definition_states()
    {
        var definition = Definition("ENFORCE");
        try
        {
            await Lab.InstallAsync(definition);
            await Lab.RestartAsync("toll", "front");
            await Lab.RestartAsync("toll-ingress", "toll-gateway");
            foreach (var (app, port) in new[] { (Redis, "6379"), (Service, "8081") })
            {
                // As istio-iptables does; the lab does it for the ports at which it answers itself.
                await Lab.RestartAsync("toll", app, isPlayed: false);
                await Lab.ExecAsync("toll", app, "iptables", "-t", "nat", "-A", "PREROUTING", "-p", "tcp", "--dport", port, "-j", "REDIRECT", "--to-ports", "15006");
            }

            await StartServiceAsync();

            await QuotasAreKeptAsync();
            await NobodyChoosesATenantAsync();
            await ShadowRefusesNothingAsync();
            await WithoutTheServiceNothingIsRefusedAsync();
        }
        finally
        {
            await Lab.UninstallAsync(definition.Product);
        }
    }

    // In the pods of the Deployments and as their containers say. The official image of Redis is built without its protected mode.
    private async Task StartServiceAsync()
    {
        var redis = await ContainerAsync(Redis);
        await StartAsync(Redis, ["redis-server", "--protected-mode", "no", .. redis["args"]!.AsArray().Select(argument => (string)argument!)], []);
        await LabInstallation.EventuallyAsync("PONG", () => Lab.ExecAsync("toll", Redis, "redis-cli", "ping"));

        await MountAsync();
        var variables = (await ContainerAsync(Service))["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string)variable!["value"]!);
        Assert.Equal(("/data", $"{Redis}:6379"), (variables["RUNTIME_ROOT"], variables["REDIS_URL"]));
        variables["RUNTIME_ROOT"] = _runtime.FullName;
        // The lab has no DNS, but a hosts file, which lacks names without a namespace.
        variables["REDIS_URL"] = $"{Redis}.toll:6379";
        await LabInstallation.EventuallyAsync("200", async () =>
        {
            // Without Redis the service ends, and the kubelet starts it again. Its proxy needs a moment to know the Redis of the newest pod.
            if (_processes.Count(process => !process.HasExited) < 2)
                await StartAsync(Service, [Program!], variables);
            return await InServiceAsync("-o", "/dev/null", "-w", "%{http_code}", "localhost:8080/healthcheck");
        });
        var limits = await InServiceAsync("localhost:6070/rlconfig");
        output.WriteLine(limits);
        Assert.Contains("toll.generic_key_all.tenant_acme: unit=DAY requests_per_unit=3, shadow_mode: false", limits, StringComparison.Ordinal);

        // The gateway has found the service once an answer tells a limit.
        await LabInstallation.EventuallyAsync("200 5, 5;w=86400", () => AskAsync("/x", Token("first"), "x-ratelimit-limit"));
    }

    // A unit that ends while the test runs would begin a new count, so it is a day.
    private async Task QuotasAreKeptAsync()
    {
        Assert.Equal(["200 2", "200 1", "200 0", "429 0"], await AskAsync(4, "/x", Token("acme")));
        Assert.Equal("429 true", await AskAsync("/x", Token("acme"), "x-envoy-ratelimited"));
        Assert.Equal(["200 4", "200 3", "200 2", "200 1", "200 0", "429 0"], await AskAsync(6, "/x", Token("other")));

        // A quota of some paths counts beside that of all.
        Assert.Equal(["200 1", "200 0", "429 0"], await AskAsync(3, "/calls/1", Token("caller")));
        Assert.Equal(["200 1", "200 0", "429 0"], await AskAsync(3, "/x", Token("caller")));

        var keys = await KeysAsync();
        output.WriteLine(string.Join('\n', keys));
        Assert.Single(keys, key => key.StartsWith("toll_generic_key_all_tenant_acme_", StringComparison.Ordinal));
    }

    // The tenant is the token's. A header from outside neither takes nor gives a quota.
    private async Task NobodyChoosesATenantAsync()
    {
        string[] forged = ["-H", "x-tenant-id: fresh"];
        Assert.Equal("429 0", await AskAsync("/x", [.. Token("acme"), .. forged]));
        Assert.Equal("200 4", await AskAsync("/x", [.. Token("another"), "-H", "x-tenant-id: acme"]));
        Assert.Equal(["200", "200", "200", "200", "200", "200", "200"], await AskAsync(7, "/public/x", forged));
        Assert.Equal("403", await AskAsync("/x", forged));
        Assert.Equal("200 4", await AskAsync("/x", Token("fresh")));
    }

    // The service reads a changed ConfigMap by itself, and counts on.
    private async Task ShadowRefusesNothingAsync()
    {
        var rendered = MeshRenderer.Render(Definition("SHADOW"), new RenderOptions { Revision = "default" }).Objects.Single(item => item.Object.Kind == "ConfigMap").Object;
        var data = new JsonObject { ["data"] = rendered.Json["data"]!.DeepClone() };
        await Lab.Api.MergePatchAsync(Configuration, data, new WriteOptions { FieldManager = "the-lab" }, Stop);
        await MountAsync();
        await LabInstallation.EventuallyAsync(true, async () => (await InServiceAsync("localhost:6070/rlconfig")).Contains("tenant_acme: unit=DAY requests_per_unit=3, shadow_mode: true", StringComparison.Ordinal));

        Assert.All(await AskAsync(8, "/x", Token("acme")), answer => Assert.StartsWith("200", answer, StringComparison.Ordinal));
        Assert.All(await AskAsync(4, "/calls/1", Token("late")), answer => Assert.StartsWith("200", answer, StringComparison.Ordinal));

        // Six requests before, of which three were refused, and eight now.
        Assert.Equal("14", await Lab.ExecAsync("toll", Redis, "redis-cli", "get", (await KeysAsync()).Single(key => key.Contains("_tenant_acme_", StringComparison.Ordinal))));
    }

    // denyOnFailure is off.
    private async Task WithoutTheServiceNothingIsRefusedAsync()
    {
        _processes.ForEach(End);
        Assert.All(await AskAsync(5, "/x", Token("acme")), answer => Assert.Equal("200", answer));
    }

    private static ObjectReference Configuration => new("", "ConfigMap", "toll", "rate-limit-config");

    private async Task<string[]> KeysAsync() => (await Lab.ExecAsync("toll", Redis, "redis-cli", "keys", "*")).Split('\n');

    private async Task<JsonNode> ContainerAsync(string deployment) =>
        (await Lab.Api.GetAsync(new ObjectReference("apps", "Deployment", "toll", deployment), Stop))!.Json["spec"]!["template"]!["spec"]!["containers"]![0]!;

    // As the kubelet mounts a ConfigMap: its files are links into a folder that a link names, and a change swaps that link.
    private async Task MountAsync()
    {
        var data = (await Lab.Api.GetAsync(Configuration, Stop))!.Json["data"]!.AsObject();
        var folder = _runtime.CreateSubdirectory(Path.Combine("ratelimit", "config"));
        var version = folder.CreateSubdirectory($"..{Guid.NewGuid():N}");
        foreach (var (name, text) in data)
            await File.WriteAllTextAsync(Path.Combine(version.FullName, name), (string)text!, Stop);
        var link = Path.Combine(folder.FullName, "..data");
        Directory.CreateSymbolicLink(link + "_tmp", version.Name);
        await LabMesh.RunAsync("mv", ["-T", link + "_tmp", link]);
        foreach (var name in data.Select(file => file.Key).Where(name => !File.Exists(Path.Combine(folder.FullName, name))))
            File.CreateSymbolicLink(Path.Combine(folder.FullName, name), Path.Combine("..data", name));
    }

    private async Task StartAsync(string app, string[] command, Dictionary<string, string> variables)
    {
        var process = await Lab.StartAsync("toll", app, command, variables);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private Task<string> InServiceAsync(params string[] arguments) => Lab.ExecAsync("toll", Service, ["curl", "-s", "--max-time", "10", .. arguments]);

    private string[] Token(string tenant) => ["-H", $"Authorization: Bearer {_keys.Token(tenant)}"];

    private async Task<List<string>> AskAsync(int count, string path, string[] arguments)
    {
        var answers = new List<string>();
        while (answers.Count < count)
            answers.Add(await AskAsync(path, arguments));
        return answers;
    }

    // Status and a header of the answer.
    private Task<string> AskAsync(string path, string[] arguments, string header = "x-ratelimit-remaining") =>
        Lab.ExecAsync("toll", "front", ["curl", "-s", "--max-time", "20", "-o", "/dev/null", "-w", $"%{{http_code}} %header{{{header}}}", .. arguments, Gateway + path]);

    private MeshDefinition Definition(string mode) => MeshDefinitionReader.Read($$"""
        apiVersion: mesh.voicecore.io/v1
        kind: MeshDefinition
        product: toll
        namespace: toll
        namespaces:
          toll: { injection: true }
          toll-ingress: { injection: false }
          istio-system: { injection: false }
        zeroTrust: { mode: ENFORCE }
        rateLimits:
          mode: {{mode}}
          tenant: { issuer: "{{KeyServer.Issuer}}", jwksUri: "{{_keys.Address}}", claim: tenant, header: x-tenant-id, publicPaths: [/public/*] }
          quotas:
            # The default of 50 ms lets requests through where the machine is slow.
            timeout: 10s
            limits:
              all: { requests: 5, unit: DAY, tenants: { acme: 3 } }
              calls: { requests: 2, unit: DAY, pathPrefix: /calls }
        controlPlane:
          replicas: 1
          # The lab's Envoy lacks Istio's own filters.
          settings: { values.telemetry.enabled: "false" }
        images: { registry: registry.example.com/toll, tag: "1" }
        gateways:
          ingress: { name: toll-gateway, namespace: toll-ingress, replicas: 1, ports: { http: { port: 80, protocol: HTTP } }, backend: front }
        services:
          front:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            callers: [ingress]
        """).Definition!;
}
