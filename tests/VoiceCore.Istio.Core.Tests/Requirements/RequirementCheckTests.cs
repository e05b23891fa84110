using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Requirements;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Tests.Definition;

namespace VoiceCore.Istio.Core.Tests.Requirements;

/// <summary>The runbook's requirements: what holds in the mesh of a definition, and which of them a change breaks.</summary>
public sealed class RequirementCheckTests
{
    // What no state of a cluster shows: that spans arrive, and that requests beyond a limit are refused.
    private static readonly string[] Unprovable = ["1.4", "1.7"];

    public static TheoryData<string> Definitions => ["VoiceCore", "Shop"];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void In_the_mesh_of_its_definition_every_requirement_holds_as_far_as_it_shows(string name)
    {
        var definition = name == "Shop" ? Examples.Shop : MeshDefinitionFile.VoiceCore;

        var requirements = Run(DefinedMesh.Of(definition).Read(), definition);

        Assert.Equal(["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"], requirements.Select(requirement => requirement.Id));
        Assert.All(requirements, requirement =>
        {
            Assert.DoesNotContain(requirement.Evidence, piece => piece.Status == RequirementStatus.NotSatisfied);
            Assert.Equal(Unprovable.Contains(requirement.Id) ? RequirementStatus.NotVerifiable : RequirementStatus.Satisfied, requirement.Status);
            Assert.NotEmpty(requirement.Objects);
            Assert.All(requirement.Evidence, piece => Assert.True(piece.Status != RequirementStatus.NotVerifiable || piece.Detail.Length > 0));
        });
    }

    // Every service, the two gateways and the observer towards each service's port; an observer's look at the metrics beside it.
    [Fact]
    public void Zero_trust_is_judged_for_every_pair_and_for_calls_to_oneself()
    {
        var definition = MeshDefinitionFile.VoiceCore;
        var evidence = Run(DefinedMesh.Of(definition).Read(), definition).Single(requirement => requirement.Id == "1.6").Evidence;

        Assert.Equal(8 * (8 + 2 + 1 + 1), evidence.Count(piece => piece.Field.StartsWith("GET / of", StringComparison.Ordinal)));
        Assert.Equal(8, evidence.Count(piece => piece is { Expected: "Allow" } && piece.Field.StartsWith("GET /metrics of observability/prometheus", StringComparison.Ordinal)));
        Assert.Contains(evidence, piece => piece is { Object: "Service voicecore-ai/tenant", Expected: "Deny" } && piece.Field.StartsWith("GET / of voicecore-ai/tenant ", StringComparison.Ordinal));
        Assert.Equal(definition.Services.Sum(service => service.Callers.Count), evidence.Count(piece => piece.Expected == "Allow" && piece.Field.StartsWith("GET / of", StringComparison.Ordinal)));
    }

    public static TheoryData<string, string[], string> Changes => new()
    {
        { "a pod without a sidecar", ["1.1", "1.2", "1.5"], "Service voicecore-ai/tenant" },
        { "no istiod", ["1.1"], "Namespace istio-system" },
        { "PERMISSIVE", ["1.2"], "Service voicecore-ai/tenant" },
        { "a rule that sends plain text", ["1.2"], "Service voicecore-ai/tenant" },
        { "an ejection that cannot be", ["1.3"], "DestinationRule voicecore-ai/tenant" },
        { "a changed limit", ["1.3"], "DestinationRule voicecore-ai/tenant" },
        { "no retries", ["1.3"], "VirtualService voicecore-ai/tenant" },
        { "an older route for the same host", ["1.3"], "VirtualService voicecore-ai/tenant" },
        { "another sampling", ["1.4"], "Telemetry istio-system/mesh-default" },
        { "no collector", ["1.4"], "Collector otel-collector.observability.svc.cluster.local" },
        { "a Telemetry of the namespace", ["1.4"], "Telemetry voicecore-ai/quiet" },
        { "a label that hides the revision", ["1.5"], "Namespace voicecore-ai" },
        { "a revision that nobody serves", ["1.5"], "Namespace voicecore-ai" },
        { "a policy that lets everybody in", ["1.6"], "Service voicecore-ai/tenant" },
        { "no filter", ["1.7"], "EnvoyFilter voicecore-ai/tenant-rate-limit" },
        { "a changed bucket", ["1.7"], "EnvoyFilter voicecore-ai/tenant-rate-limit" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_breaks_what_it_breaks_and_nothing_else(string change, string[] broken, string @object)
    {
        var mesh = DefinedMesh.Of(MeshDefinitionFile.VoiceCore);
        Change(mesh, change);

        var requirements = Run(mesh.Read(), MeshDefinitionFile.VoiceCore);

        Assert.Equal(broken, requirements.Where(requirement => requirement.Status == RequirementStatus.NotSatisfied).Select(requirement => requirement.Id));
        Assert.All(broken, id => Assert.NotEmpty(requirements.Single(requirement => requirement.Id == id).Reason));
        Assert.Contains(requirements.Single(requirement => requirement.Id == broken[0]).Evidence, piece => piece.Status == RequirementStatus.NotSatisfied && piece.Object == @object);
    }

    [Fact]
    public void What_the_definition_does_not_ask_for_is_not_satisfied()
    {
        var definition = MeshDefinitionFile.VoiceCore with
        {
            ZeroTrust = new ZeroTrustDefinition { Mode = EnforcementMode.Shadow },
            RateLimits = null,
            Mesh = MeshDefinitionFile.VoiceCore.Mesh with { Tracing = null },
            Services = [.. MeshDefinitionFile.VoiceCore.Services.Select(service => service with { CircuitBreaker = null, RateLimit = null })],
        };

        Assert.Equal(["1.3", "1.4", "1.6", "1.7"], Run(DefinedMesh.Of(definition).Read(), definition).Where(requirement => requirement.Status == RequirementStatus.NotSatisfied).Select(requirement => requirement.Id));
    }

    [Fact]
    public void Of_nothing_nothing_is_satisfied() =>
        Assert.All(Run(MeshSnapshot.Empty, MeshDefinitionFile.VoiceCore), requirement => Assert.NotEqual(RequirementStatus.Satisfied, requirement.Status));

    [Fact]
    public void Only_what_is_asked_for_is_judged() =>
        Assert.Equal(["1.2"], RequirementCheck.Run(MeshSnapshot.Empty, MeshDefinitionFile.VoiceCore, id => id == "1.2").Select(requirement => requirement.Id));

    [Fact]
    public void The_order_in_which_objects_were_read_does_not_matter()
    {
        var mesh = DefinedMesh.Of(Examples.Shop);
        var expected = Texts(Run(mesh.Read(), Examples.Shop));

        Gen.Shuffle(mesh.Objects.ToArray()).Sample(objects =>
        {
            mesh.Objects.Clear();
            mesh.Objects.AddRange(objects);
            Assert.Equal(expected, Texts(Run(mesh.Read(), Examples.Shop)));
        }, iter: 20, threads: 1);
    }

    // Whatever is taken away, no requirement comes out better.
    [Fact]
    public void Nothing_gets_better_by_what_is_missing()
    {
        var whole = DefinedMesh.Of(Examples.Shop);
        var before = Run(whole.Read(), Examples.Shop).Select(requirement => Rank(requirement.Status)).ToArray();

        Assert.All(Enumerable.Range(0, whole.Objects.Count), index =>
        {
            var mesh = DefinedMesh.Of(Examples.Shop);
            mesh.Objects.RemoveAt(index);
            Assert.All(Run(mesh.Read(), Examples.Shop).Zip(before), pair => Assert.True(Rank(pair.First.Status) >= pair.Second));
        });
    }

    private static int Rank(RequirementStatus status) => status switch { RequirementStatus.Satisfied => 0, RequirementStatus.NotVerifiable => 1, _ => 2 };

    private static string[] Texts(IEnumerable<MeshRequirement> requirements) =>
        [.. requirements.SelectMany(requirement => requirement.Evidence.Select(piece => $"{requirement.Id} {requirement.Status} {piece}"))];

    private static IReadOnlyList<MeshRequirement> Run(MeshSnapshot snapshot, MeshDefinition definition) => RequirementCheck.Run(snapshot, definition, _ => true);

    private static void Change(DefinedMesh mesh, string change)
    {
        switch (change)
        {
            case "a pod without a sidecar":
                var pod = mesh["Pod", "tenant-7c9-0"];
                pod["metadata"]!["labels"]!.AsObject().Remove("security.istio.io/tlsMode");
                pod["spec"]!["containers"]!.AsArray().RemoveAt(1);
                break;
            case "no istiod":
                mesh.Objects.Remove(mesh["Pod", "istiod-1-31-0-7c9-0"]);
                break;
            case "PERMISSIVE":
                mesh["PeerAuthentication", "tenant"]["spec"]!["mtls"]!["mode"] = "PERMISSIVE";
                break;
            case "a rule that sends plain text":
                mesh["DestinationRule", "tenant"]["spec"]!["trafficPolicy"]!["tls"] = new JsonObject { ["mode"] = "DISABLE" };
                break;
            case "an ejection that cannot be":
                mesh["DestinationRule", "tenant"]["spec"]!["trafficPolicy"]!["outlierDetection"]!["maxEjectionPercent"] = 49;
                break;
            case "a changed limit":
                mesh["DestinationRule", "tenant"]["spec"]!["trafficPolicy"]!["connectionPool"]!["tcp"]!["maxConnections"] = 7;
                break;
            case "no retries":
                mesh["VirtualService", "tenant"]["spec"]!["http"]![0]!["retries"]!["attempts"] = 0;
                break;
            case "an older route for the same host":
                var route = mesh["VirtualService", "tenant"].DeepClone().AsObject();
                route["metadata"]!["name"] = "tenant-before";
                mesh.Objects.Add(route);
                break;
            case "another sampling":
                mesh["Telemetry", "mesh-default"]["spec"]!["tracing"]![0]!["randomSamplingPercentage"] = 1;
                break;
            case "no collector":
                mesh.Objects.Remove(mesh["Service", "otel-collector"]);
                break;
            case "a Telemetry of the namespace":
                mesh.Objects.Add(new JsonObject
                {
                    ["apiVersion"] = "telemetry.istio.io/v1",
                    ["kind"] = "Telemetry",
                    ["metadata"] = new JsonObject { ["name"] = "quiet", ["namespace"] = "voicecore-ai" },
                    ["spec"] = new JsonObject { ["tracing"] = new JsonArray(new JsonObject { ["disableSpanReporting"] = true }) },
                });
                break;
            case "a label that hides the revision":
                // Everything that runs is as before, so that the label alone is wrong; new pods would get no sidecar.
                mesh["Namespace", "voicecore-ai"]["metadata"]!["labels"]!["istio-injection"] = "enabled";
                break;
            case "a revision that nobody serves":
                mesh["Namespace", "voicecore-ai"]["metadata"]!["labels"]!["istio.io/rev"] = "1-30-0";
                break;
            case "a policy that lets everybody in":
                mesh["AuthorizationPolicy", "tenant"]["spec"]!["rules"] = new JsonArray(new JsonObject());
                break;
            case "no filter":
                mesh.Objects.Remove(mesh["EnvoyFilter", "tenant-rate-limit"]);
                break;
            case "a changed bucket":
                mesh["EnvoyFilter", "tenant-rate-limit"]["spec"]!["configPatches"]![1]!["patch"]!["value"]!["typed_per_filter_config"]!["envoy.filters.http.local_ratelimit"]!["token_bucket"]!["max_tokens"] = 1;
                break;
            default:
                throw new ArgumentException(change, nameof(change));
        }
    }
}
