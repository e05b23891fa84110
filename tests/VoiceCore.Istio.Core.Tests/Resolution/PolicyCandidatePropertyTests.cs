using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>What is kept is what the resolvers answer; what is rejected could as well not be there.</summary>
public sealed class PolicyCandidatePropertyTests
{
    private static readonly string[] Clients = ["web/client-0", "web/batch-0", "shop/cart-0", "istio-system/ingress-0", "legacy/old-0"];

    [Fact]
    public void Kept_DestinationRules_are_those_the_resolver_takes() => PolicyGen.DestinationRules.Sample(snapshot => ForClients(snapshot, PolicyKind.DestinationRule, (client, sees, kept, rejected) =>
    {
        var rule = Rule(snapshot, client);
        if (!sees)
        {
            Assert.Empty(kept);
            return;
        }

        Assert.Equal(rule?.First.Key, kept.FirstOrDefault());
        Assert.Subset((rule?.Rules ?? []).Select(part => part.Key).ToHashSet(), kept.ToHashSet());
        // A rule that is not for the client can keep others from it: its reason says so.
        var hiding = Candidates(snapshot, PolicyKind.DestinationRule, client)
            .Where(candidate => candidate.Reason.EndsWith("all the same.", StringComparison.Ordinal) || candidate.Reason.EndsWith("share its lot.", StringComparison.Ordinal))
            .Select(candidate => $"{candidate.Namespace}/{candidate.Name}");
        foreach (var key in rejected.Except(hiding))
        {
            var without = Rule(snapshot with { DestinationRules = [.. snapshot.DestinationRules.Where(other => other.Key != key)] }, client);
            Assert.Equal((rule?.First.Key, rule?.Policy), (without?.First.Key, without?.Policy));
            Assert.Equal(rule?.Subsets ?? [], without?.Subsets ?? []);
        }
    }));

    [Fact]
    public void The_kept_Sidecar_is_the_one_of_the_clients_scope() => PolicyGen.DestinationRules.Sample(snapshot => ForClients(snapshot, PolicyKind.Sidecar, (client, _, kept, rejected) =>
    {
        var chosen = new MeshResolution(snapshot).Scopes.SidecarOf(client.Namespace, client.Labels)?.Key;
        Assert.Equal(client.HasSidecar && chosen is not null ? [chosen] : [], kept);
        if (client.HasSidecar)
            Assert.All(rejected, key => Assert.Equal(chosen, new MeshResolution(snapshot with { Sidecars = [.. snapshot.Sidecars.Where(other => other.Key != key)] }).Scopes.SidecarOf(client.Namespace, client.Labels)?.Key));
    }));

    [Fact]
    public void A_rejected_VirtualService_could_as_well_not_be_there() => PolicyGen.VirtualServices.Sample(snapshot => ForClients(snapshot, PolicyKind.VirtualService, (client, sees, kept, rejected) =>
    {
        Assert.True(kept.Length <= (sees ? 1 : 0));
        foreach (var key in rejected)
        {
            var without = snapshot with { VirtualServices = [.. snapshot.VirtualServices.Where(other => other.Key != key)] };
            // One without a route for the client still keeps those for wider hosts, and of a wildcard those that are newer.
            var cause = Candidates(snapshot, PolicyKind.VirtualService, client).Single(candidate => $"{candidate.Namespace}/{candidate.Name}" == key).Cause;
            if (cause != PolicyCause.SaysNothing)
                Assert.Equal(kept, Candidates(without, PolicyKind.VirtualService, client).Where(candidate => candidate.Kept).Select(candidate => $"{candidate.Namespace}/{candidate.Name}"));
        }
    }));

    [Fact]
    public void The_kept_PeerAuthentication_is_the_one_that_decides() => PolicyGen.PeerAuthentications.Sample(snapshot =>
    {
        var resolver = new PeerAuthenticationResolver(snapshot);
        var pod = snapshot.Pods.Single(pod => pod.Name == "tenant-0");
        var decided = resolver.Resolve(pod.Namespace, pod.Labels, 8080);
        var candidates = Candidates(snapshot, PolicyKind.PeerAuthentication);

        Assert.Equal(decided.Policy is null ? [] : [decided.Policy.Key], candidates.Where(candidate => candidate.Kept).Select(candidate => $"{candidate.Namespace}/{candidate.Name}"));
        Assert.All(candidates.Where(candidate => candidate.Kept), candidate => Assert.Equal(decided.Mode.ToString().ToUpperInvariant(), candidate.Effect));
        foreach (var rejected in candidates.Where(candidate => !candidate.Kept && candidate.Cause != PolicyCause.SaysNothing))
        {
            var without = new PeerAuthenticationResolver(snapshot with { PeerAuthentications = [.. snapshot.PeerAuthentications.Where(policy => policy.Namespace != rejected.Namespace || policy.Name != rejected.Name)] });
            Assert.Equal(decided, without.Resolve(pod.Namespace, pod.Labels, 8080));
        }
    });

    [Fact]
    public void Rejected_AuthorizationPolicies_decide_nothing() => PolicyGen.AuthorizationPolicies.Sample(snapshot =>
    {
        var pod = snapshot.Pods.Single(pod => pod.Name == "tenant-0");
        var kept = Candidates(snapshot, PolicyKind.AuthorizationPolicy).Where(candidate => candidate.Kept).Select(candidate => $"{candidate.Namespace}/{candidate.Name}").ToArray();
        var only = new AuthorizationPolicyResolver(snapshot with { AuthorizationPolicies = [.. snapshot.AuthorizationPolicies.Where(policy => kept.Contains(policy.Key))] });
        var all = new AuthorizationPolicyResolver(snapshot);

        Assert.Equal(
            all.Candidates(pod.Namespace, pod.Labels).Where(candidate => candidate.WhyNot is null && !candidate.Policy.IsDryRun).Select(candidate => candidate.Policy.Key).Order(),
            kept.Order());
        foreach (var path in (string[])["/a", "/b", "/c"])
        {
            var request = new AuthorizationRequest { Port = 8080, Path = path, Method = "GET" };
            Assert.Equal(all.Decide(pod.Namespace, pod.Labels, request, http: true), only.Decide(pod.Namespace, pod.Labels, request, http: true));
        }
    });

    [Fact]
    public void Of_what_does_not_name_the_host_only_that_which_was_meant_to_is_a_candidate() => PolicyGen.DestinationRules.Sample(snapshot =>
    {
        var astray = snapshot.DestinationRules.Where(rule => rule.Host == "tenant.shop" || (rule.Host == "tenant" && rule.Namespace != "shop")).Where(rule => rule.Namespace != "elsewhere");
        var others = snapshot.DestinationRules.Where(rule => rule.Host == "other.shop.svc.cluster.local");
        var candidates = Candidates(snapshot, PolicyKind.DestinationRule).ToLookup(candidate => candidate.Cause == PolicyCause.HostDiffers, candidate => $"{candidate.Namespace}/{candidate.Name}");

        Assert.Equal(astray.Select(rule => rule.Key).Order(), candidates[true].Distinct().Order());
        Assert.Empty(others.Select(rule => rule.Key).Intersect(candidates[false]));
    });

    [Fact]
    public void The_order_of_objects_never_matters() => Gen.Select(PolicyGen.DestinationRules, PolicyGen.VirtualServices, PolicyGen.PeerAuthentications, PolicyGen.AuthorizationPolicies).Sample((rules, services, peers, policies) =>
    {
        var snapshot = rules with { VirtualServices = services.VirtualServices, PeerAuthentications = peers.PeerAuthentications, AuthorizationPolicies = policies.AuthorizationPolicies };
        var turned = snapshot with
        {
            DestinationRules = [.. snapshot.DestinationRules.Reverse()],
            VirtualServices = [.. snapshot.VirtualServices.Reverse()],
            PeerAuthentications = [.. snapshot.PeerAuthentications.Reverse()],
            AuthorizationPolicies = [.. snapshot.AuthorizationPolicies.Reverse()],
            Sidecars = [.. snapshot.Sidecars.Reverse()],
        };
        Assert.All(Enum.GetValues<PolicyKind>(), kind => Assert.Equal(Texts(snapshot, kind).Order(), Texts(turned, kind).Order()));
    });

    private static void ForClients(MeshSnapshot snapshot, PolicyKind kind, Action<MeshClient, bool, string[], string[]> check)
    {
        var mesh = new MeshResolution(snapshot);
        var service = mesh.Registry.Find(PolicyGen.ServiceHost)!;
        foreach (var client in MeshClient.Of(mesh).Where(client => client.Pods.Any(pod => Clients.Contains(pod.Key))))
        {
            var sees = client.HasSidecar && mesh.Scopes.Of(client.Namespace, client.Labels).Sees(service, service.Ports[0]);
            var candidates = Candidates(snapshot, kind, client).ToLookup(candidate => candidate.Kept, candidate => $"{candidate.Namespace}/{candidate.Name}");
            Assert.Equal(candidates[true].Count() + candidates[false].Count(), candidates[true].Concat(candidates[false]).Distinct().Count());
            check(client, sees, candidates[true].ToArray(), candidates[false].ToArray());
        }
    }

    private static EffectiveRule? Rule(MeshSnapshot snapshot, MeshClient client) =>
        new DestinationRuleResolver(snapshot).Resolve(client.Namespace, client.Labels, PolicyGen.ServiceHost, "shop");

    private static PolicyCandidate[] Candidates(MeshSnapshot snapshot, PolicyKind kind, MeshClient? client = null) =>
        [.. new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), kind, isClient: client is null ? null : other => other.Pods.Any(pod => pod.Key == client.Pods[0].Key), isServer: pod => pod.Name == "tenant-0")];

    private static IEnumerable<string> Texts(MeshSnapshot snapshot, PolicyKind kind) => new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), kind)
        .Select(candidate => $"{candidate.Namespace}/{candidate.Name} {candidate.Effect} {candidate.Reason} {string.Join(',', candidate.Clients)} {string.Join(',', candidate.Pods)}");
}
