using CsCheck;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Tests.Definition;

namespace VoiceCore.Istio.Core.Tests.Rendering;

/// <summary>Zero trust as it is rendered, judged by the rules that are held to Istio's own code.</summary>
public sealed class ZeroTrustTests
{
    [Fact]
    public void Every_listed_call_gets_through_and_no_other()
    {
        var definition = MeshDefinitionFile.VoiceCore;

        var changes = AccessSimulation.Run(Mesh(definition), definition);

        // Eight services and the ingress gateway towards eight services.
        Assert.Equal(9 * 8, changes.Count);
        Assert.All(changes, change => Assert.Equal(change.IsListed ? AuthorizationDecision.Allow : AuthorizationDecision.Deny, change.Planned));
        Assert.Equal(definition.Services.Sum(service => service.Callers.Count), changes.Count(change => change.IsListed));
        Assert.All(changes, change => Assert.Equal(!change.IsListed, change.IsCutOff));
    }

    [Fact]
    public void A_random_definition_lets_in_whom_it_lists_and_nobody_else() =>
        MeshDefinitions.All
            .Where(definition => definition.Mesh.Mtls != MtlsMode.Disable && definition.Services.All(service => service.Mtls != MtlsMode.Disable))
            .Where(definition => !DefinitionRules.Check(definition).Any(finding => finding.Severity == FindingSeverity.Error))
            .Where(definition => definition.Services.Select(service => service.ServiceAccount).Distinct().Count() == definition.Services.Count)
            .Sample(definition =>
            {
                var chained = definition with
                {
                    Services = [.. definition.Services.Select((service, index) => service with { Callers = index == 0 ? [] : [definition.Services[index - 1].Name] })],
                };
                Assert.All(
                    AccessSimulation.Run(Mesh(chained), chained),
                    change => Assert.Equal(change.IsListed ? AuthorizationDecision.Allow : AuthorizationDecision.Deny, change.Planned));
            }, iter: 200);

    [Fact]
    public void Plain_text_and_strangers_stay_out()
    {
        var definition = MeshDefinitionFile.VoiceCore;
        var mesh = Mesh(definition) with
        {
            Pods =
            [
                new PodRecord { Namespace = "default", Name = "script", Phase = "Running" },
                new PodRecord { Namespace = "other", Name = "gateway", ServiceAccount = "gateway", Phase = "Running", Labels = Sidecar("gateway") },
                new PodRecord { Namespace = "voicecore-ai", Name = "done", ServiceAccount = "job", Phase = "Succeeded" },
            ],
        };

        var changes = AccessSimulation.Run(mesh, definition);

        Assert.Equal(["default/default", "other/gateway"], changes.Select(change => change.Caller).Distinct().Order());
        Assert.All(changes, change => Assert.Equal(AuthorizationDecision.Deny, change.Planned));
    }

    [Fact]
    public void A_policy_of_others_that_breaks_a_listed_call_is_shown()
    {
        var definition = MeshDefinitionFile.VoiceCore;
        var mesh = Mesh(definition) with
        {
            AuthorizationPolicies = [new AuthorizationPolicy { ApiVersion = "security.istio.io/v1", Kind = "AuthorizationPolicy", Namespace = "voicecore-ai", Name = "freeze", Action = AuthorizationAction.Deny, Rules = [new AuthorizationRule([], [], [])] }],
        };

        Assert.All(AccessSimulation.Run(mesh, definition).Where(change => change.IsListed), change => Assert.True(change.IsBroken && !change.IsCutOff));
    }

    [Fact]
    public void A_trust_domain_that_is_not_the_meshs_breaks_every_call()
    {
        var definition = MeshDefinitionFile.VoiceCore with { Mesh = MeshDefinitionFile.VoiceCore.Mesh with { TrustDomain = "voicecore.example" } };
        var mesh = Mesh(definition) with { Mesh = MeshConfig.Default with { TrustDomain = "elsewhere.example" } };

        Assert.All(AccessSimulation.Run(mesh, definition), change => Assert.Equal(AuthorizationDecision.Deny, change.Planned));
    }

    [Fact]
    public void Observers_may_read_metrics_and_nothing_else()
    {
        var policy = Policies(MeshDefinitionFile.VoiceCore).Single(item => item.Object.Name == "tenant").Object.Json;

        var observation = policy["spec"]!["rules"]![1]!;
        Assert.Equal("cluster.local/ns/observability/sa/prometheus", (string?)observation["from"]![0]!["source"]!["principals"]![0]);
        Assert.Equal("""{"ports":["8080"],"methods":["GET"],"paths":["/metrics"]}""", observation["to"]![0]!["operation"]!.ToJsonString());
    }

    [Fact]
    public void Shadow_is_a_dry_run_and_off_is_nothing()
    {
        var voiceCore = MeshDefinitionFile.VoiceCore;

        Assert.All(
            Policies(voiceCore with { ZeroTrust = new ZeroTrustDefinition { Mode = EnforcementMode.Shadow } }),
            item => Assert.Equal("true", (string?)item.Object.Json["metadata"]!["annotations"]!["istio.io/dry-run"]));
        Assert.Empty(Policies(voiceCore with { ZeroTrust = new ZeroTrustDefinition { Mode = EnforcementMode.Off } }));
        Assert.Empty(Policies(voiceCore with { ZeroTrust = null }));
    }

    [Fact]
    public void A_gateway_among_the_services_stays_open()
    {
        var voiceCore = MeshDefinitionFile.VoiceCore;
        var policies = Policies(voiceCore with { Ingress = voiceCore.Ingress! with { Namespace = voiceCore.Namespace } });

        Assert.Equal("[{}]", policies.Single(item => item.Object.Name == "istio-ingressgateway").Object.Json["spec"]!["rules"]!.ToJsonString());
    }

    private static List<RenderedObject> Policies(MeshDefinition definition) =>
        [.. MeshRenderer.Render(definition, new RenderOptions { Revision = "default" }).Objects.Where(item => item.Object.Kind == "AuthorizationPolicy")];

    // Each service and the gateway runs, with sidecars.
    private static MeshSnapshot Mesh(MeshDefinition definition) => MeshSnapshot.Empty with
    {
        Mesh = MeshConfig.Default with { TrustDomain = definition.Mesh.TrustDomain },
        Pods =
        [
            .. definition.Services.Select(service => new PodRecord
            {
                Namespace = definition.Namespace, Name = service.Name, ServiceAccount = service.ServiceAccount, Phase = "Running", Labels = Sidecar(service.Name),
            }),
            .. new[] { definition.Ingress }.OfType<GatewayDefinition>().Select(gateway => new PodRecord
            {
                Namespace = gateway.Namespace, Name = gateway.Name, ServiceAccount = gateway.Name, Phase = "Running", Labels = Sidecar(gateway.Name),
            }),
        ],
    };

    private static LabelSet Sidecar(string app) =>
        LabelSet.Create([KeyValuePair.Create("app", app), KeyValuePair.Create("security.istio.io/tlsMode", "istio")]);
}
