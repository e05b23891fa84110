using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Requirements;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// Zero trust, rate limits and the identity of tenants with real proxies: a product of three services, each with one pod in which
/// pilot-agent and Envoy run.
/// </summary>
public sealed class MeshRequirementLabTests : IAsyncLifetime
{
    private static readonly string[] Services = ["front", "middle", "back"];

    private LabInstallation? _lab;

    private LabInstallation Lab => _lab!;

    private KubernetesApi Api => Lab.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await LabInstallation.ConnectAsync();

    public ValueTask DisposeAsync()
    {
        _lab?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_the_definition_states_holds_between_real_proxies()
    {
        using var keys = new KeyServer();
        var definition = Definition(keys.Address, "ENFORCE");
        try
        {
            await Lab.InstallAsync(definition);
            foreach (var (ns, name) in Services.Select(name => ("trio", name)).Append(("trio-ingress", "trio-gateway")))
                await Lab.RestartAsync(ns, name);

            await OnlyListedCallsGetThroughAsync(definition);
            await TheEvidenceSaysTheSameAsync(definition);
            await TheLimitIsKeptAsync();
            await TheTenantComesFromTheTokenAsync(keys);
            await ValidationIsOnAsync();

            await Lab.InstallAsync(Definition(keys.Address, "SHADOW"));
            await Lab.RestartAsync("trio", "middle");
            await LabInstallation.EventuallyAsync((await Lab.PodAsync("trio", "middle")).Json["status"]!["podIP"]!.ToString(), () => HostsAsync("front", "middle"));
            Assert.All(await StatusesAsync(8, "front", "http://middle.trio/x"), status => Assert.Equal("200", status));
        }
        finally
        {
            await Lab.UninstallAsync(definition.Product);
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
                await LabInstallation.EventuallyAsync(expected.Planned == AuthorizationDecision.Allow ? "200" : "403", () => StatusAsync(caller, $"http://{service}.trio/x"));
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
        await Lab.RestartAsync("trio", "middle");
        await LabInstallation.EventuallyAsync((await Lab.PodAsync("trio", "middle")).Json["status"]!["podIP"]!.ToString(), () => HostsAsync("front", "middle"));
        Assert.Equal(["200", "200", "429"], await StatusesAsync(3, "front", "http://middle.trio/x", "-H", "x-tenant-id: small"));
        Assert.Equal(["200", "200", "200", "429", "429"], await StatusesAsync(5, "front", "http://middle.trio/x", "-H", "x-tenant-id: large"));
    }

    // The pods answer with the headers that reached them.
    private async Task TheTenantComesFromTheTokenAsync(KeyServer keys)
    {
        const string Gateway = "http://trio-gateway.trio-ingress";
        string[] token = ["-H", $"Authorization: Bearer {keys.Token("acme")}", "-H", "x-tenant-id: forged"];
        await LabInstallation.EventuallyAsync("200", () => StatusAsync("front", $"{Gateway}/x", token));

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

    // The addresses to which a caller's proxy sends: that of the pod before is among them for a moment.
    private async Task<string> HostsAsync(string caller, string service) => string.Join(' ',
        (await CurlAsync(caller, ["-s", "localhost:15000/clusters"])).Split('\n')
            .Where(line => line.StartsWith($"outbound|80||{service}.trio.svc.cluster.local", StringComparison.Ordinal) && line.Contains("::health_flags::", StringComparison.Ordinal))
            .Select(line => line.Split("::")[1].Split(':')[0]));

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
    private async Task RedirectToItselfAsync(string app) => await Lab.ExecAsync(
        "trio", app,
        "iptables", "-t", "nat", "-I", "OUTPUT", "1", "-o", "lo", "!", "-s", "127.0.0.6/32", "-d", (await Lab.PodAsync("trio", app)).Json["status"]!["podIP"]!.ToString(),
        "-p", "tcp", "--dport", "8080", "-j", "REDIRECT", "--to-ports", "15006");

    private Task<string> CurlAsync(string app, string[] arguments) => Lab.ExecAsync("trio", app, ["curl", "--max-time", "10", .. arguments]);

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
          tenant: { issuer: "{{KeyServer.Issuer}}", jwksUri: "{{keys}}", claim: tenant, header: x-tenant-id, publicPaths: [/public/*] }
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
}
