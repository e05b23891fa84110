using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>The filters that istiod builds of its own test policies, and our decisions on the policies themselves, over many requests.</summary>
public sealed class AuthorizationGoldenTests
{
    private static readonly string? Folder = SharedData.Folder is { } shared ? Path.Combine(shared, "cases", "dumps", "authz-builder") : null;
    private static readonly LabelSet Workload = LabelSet.Create([new("app", "httpbin"), new("version", "v1")]);

    // The provider of this case is invalid in its details, which a snapshot does not keep.
    private const string InvalidProvider = "custom-bad-invalid-config";

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        if (Folder is null)
            return data;
        foreach (var entry in ReadJson("cases.json").AsArray().Where(entry => (string)entry!["name"]! != InvalidProvider))
            data.Add((string)entry!["kind"]!, (string)entry["name"]!);
        return data;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Decides_as_the_filters_of_istiod(string kind, string name)
    {
        var entry = ReadJson("cases.json").AsArray().Single(entry => (string)entry!["kind"]! == kind && (string)entry["name"]! == name)!;
        var snapshot = ReadPolicies(entry);
        var filters = new EnvoyRbac();
        foreach (var output in entry["output"]!.AsArray())
            filters.Add(File.ReadAllText(Path.Combine(Folder!, (string)output!)));
        var resolver = new AuthorizationPolicyResolver(snapshot);

        Requests(snapshot).Sample(
            request =>
            {
                var (decision, rule) = resolver.Decide("foo", Workload, request, http: kind == "http");
                var (allowed, by) = filters.Evaluate(request);
                // External authorizers decide beyond the RBAC filters; what denies for want of one carries a longer name there.
                Assert.Equal(allowed, decision != AuthorizationDecision.Deny);
                if (decision != AuthorizationDecision.External)
                    Assert.Contains(rule?.ToString() ?? "", by ?? "", StringComparison.Ordinal);
            },
            iter: 3000);
    }

    private static MeshSnapshot ReadPolicies(JsonNode entry)
    {
        var reader = new MeshSnapshotReader();
        reader.AddPath(Path.Combine(Folder!, (string)entry["input"]!));
        var mesh = entry["meshConfig"] is { } config ? ReadJson("mesh-configs.json")[(string)config!]!.DeepClone().AsObject() : [];
        if (entry["trustDomain"] is { } trustDomain)
            mesh["trustDomain"] = trustDomain.DeepClone();
        if (entry["trustDomainAliases"] is { } aliases)
            mesh["trustDomainAliases"] = aliases.DeepClone();
        reader.SetMeshConfig(JsonSerializer.SerializeToElement(mesh));
        return reader.Build();
    }

    private static JsonNode ReadJson(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder!, file)))!;

    // Requests out of the policies' own values, their stars filled, so that every matcher is hit and missed.
    private static Gen<AuthorizationRequest> Requests(MeshSnapshot snapshot)
    {
        var values = snapshot.AuthorizationPolicies
            .SelectMany(policy => policy.Rules)
            .SelectMany(rule => rule.When.Select(AuthorizationDemand.Of)
                .Concat(rule.From.SelectMany(AuthorizationDemand.Of)).Concat(rule.To.SelectMany(AuthorizationDemand.Of)))
            .SelectMany(demand => demand.Match.Values.Concat(demand.Match.NotValues).Select(value => (demand.Attribute, Value: value)))
            .ToLookup(pair => pair.Attribute, pair => pair.Value);

        var texts = Fill(values.SelectMany(group => group)).ToArray();
        var text = AnyOf(texts.Length == 0 ? ["x"] : texts);
        string[] domains = ["td1", "cluster.local", "new-td", "old-td", "some-td", "some-trustdomain", "foobar", "trust-domain"];
        var identities = Fill(values[AuthorizationAttribute.SourcePrincipal])
            .SelectMany(identity => domains.Select(domain => domain + identity[Math.Max(0, identity.IndexOf('/'))..]).Append(identity))
            .Concat(
            [
                "cluster.local/ns/foo/sa/sa-only", "td1/ns/my-ns/sa/my-sa", "td1/ns/ns-prefix-a/sa/x", "td1/ns/a-ns-suffix/sa/x",
                "trust-domain/ns/ns/sa/b", "foobar/ns/not-ns/sa/x",
            ]);
        var addresses = new[] { "1.2.3.4", "5.6.7.8", "9.0.0.1", "9.2.1.1", "10.10.10.10", "192.168.10.1", "90.10.10.10", "90.168.10.3", "2001:db8::1" };
        var address = AnyOf(addresses).Select(IPAddress.Parse);
        var ports = values[AuthorizationAttribute.DestinationPort].Select(int.Parse).Append(8080).ToArray();

        return
            from principal in AnyOf(identities.Select(identity => "spiffe://" + identity).ToArray()).Null()
            from source in address
            from remote in address.Null()
            from destination in address
            from port in AnyOf(ports)
            from sni in text
            from host in text
            from method in Gen.OneOf(AnyOf(["GET", "POST"]), text)
            from path in text.Select(each => each.StartsWith('/') ? each : "/" + each)
            from header in text.Null()
            from claim in text
            from issuer in text
            from nested in text
            from hasClaims in Gen.Bool
            select new AuthorizationRequest
            {
                Principal = principal,
                SourceAddress = source,
                RemoteAddress = remote,
                DestinationAddress = destination,
                Port = port,
                ServerName = sni,
                Host = host,
                Method = method,
                Path = path,
                Headers = header is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-header"] = header },
                Claims = hasClaims
                    ? new JsonObject
                    {
                        ["iss"] = issuer,
                        ["sub"] = claim,
                        ["aud"] = new JsonArray(claim, nested),
                        ["azp"] = nested,
                        ["nested1"] = new JsonObject { ["nested2"] = nested },
                    }
                    : null,
            };
    }

    private static IEnumerable<string> Fill(IEnumerable<string> values) =>
        values.SelectMany(value => new[] { "", "a", "a/b" }.Select(filling => value
            .Replace("{**}", filling, StringComparison.Ordinal).Replace("{*}", filling, StringComparison.Ordinal).Replace("*", filling, StringComparison.Ordinal)))
            .Distinct();

    private static Gen<string> AnyOf(string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<int> AnyOf(int[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
