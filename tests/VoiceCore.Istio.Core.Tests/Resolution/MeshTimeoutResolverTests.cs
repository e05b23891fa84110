using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

public sealed class MeshTimeoutResolverTests
{
    private const string ToTenant = "route: [{ destination: { host: tenant.shop.svc.cluster.local } }]";

    private static readonly string[] Clients = [Pod("web", "client-0", "10.0.1.1"), Pod("web", "other-0", "10.0.1.2"), Pod("jobs", "client-0", "10.0.2.1"), Pod("legacy", "old-0", "10.0.3.1", sidecar: false)];

    [Fact]
    public void Clients_with_the_same_routes_share_a_row()
    {
        var row = Assert.Single(Rows());

        Assert.Equal(["jobs", "shop", "web"], row.Clients);
        Assert.Equal((null, SettingOrigin.IstioDefault, 3, SettingOrigin.IstioDefault, null), (row.Timeout, row.TimeoutOrigin, row.Tries, row.RetriesOrigin, row.LongestDuration));
    }

    [Fact]
    public void Clients_that_a_condition_names_by_labels_have_rows_of_their_own()
    {
        var rows = Rows(Virtual("shop/v", "tenant", $"{{ match: [{{ sourceLabels: {{ app: client }}, sourceNamespace: web }}], {ToTenant}, timeout: 1s }}, {{ {ToTenant}, timeout: 2s }}"));

        Assert.Equal(["1 * 1 web/client", "1 * 2 jobs,shop,web/other"], rows.Select(row => $"{row.Route} {row.Match} {row.Timeout?.TotalSeconds} {string.Join(',', row.Clients)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_Sidecar_that_hides_a_service_takes_its_clients_out()
    {
        var row = Assert.Single(Rows("---\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: own, namespace: web }\nspec: { egress: [{ hosts: [./*] }] }\n"));

        Assert.Equal(["jobs", "shop"], row.Clients);
    }

    // 4 tries of 10 s, and waits below 1, 3 and 7 times 25 ms between them: 40.275 s.
    [Theory]
    [InlineData("", 40.275, false)]
    [InlineData("timeout: 60s, ", 40.275, false)]
    [InlineData("timeout: 30s, ", 30, true)]
    public void The_longest_request_is_all_tries_or_the_time_out(string timeout, double seconds, bool cutsOff)
    {
        var row = Assert.Single(Rows(Virtual("shop/v", "tenant", $"{{ {ToTenant}, {timeout}retries: {{ attempts: 3, perTryTimeout: 10s }} }}")));

        Assert.Equal(seconds, row.LongestDuration!.Value.TotalSeconds, 3);
        Assert.Equal(cutsOff, row.Reasons.Count == 1);
    }

    [Fact]
    public void A_destination_that_clients_do_not_see_is_named()
    {
        var row = Assert.Single(Rows(Virtual("shop/v", "tenant", "{ route: [{ destination: { host: absent } }] }")));

        Assert.False(Assert.Single(row.Destinations).IsKnown);
        Assert.Contains("absent.shop.svc.cluster.local:80", Assert.Single(row.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_are_percents_of_all_weights()
    {
        var row = Assert.Single(Rows(Virtual("shop/v", "tenant", "{ route: [{ destination: { host: tenant, subset: v1 }, weight: 1 }, { destination: { host: tenant, subset: v2 }, weight: 3 }] }")));

        Assert.Equal(["tenant.shop:80/v1 25%", "tenant.shop:80/v2 75%"], row.Destinations.Select(destination => destination.ToString()));
    }

    [Fact]
    public void A_mesh_without_clients_is_answered_for_one_beside_the_service()
    {
        var snapshot = Read(Tenant(), Virtual("shop/v", "tenant", $"{{ {ToTenant}, timeout: 4s }}", extra: ", exportTo: ['.']"));
        var row = Assert.Single(new MeshTimeoutResolver(snapshot).Resolve(snapshot.Service()));

        Assert.Equal(TimeSpan.FromSeconds(4), row.Timeout);
        Assert.Empty(row.Clients);
    }

    private static readonly Gen<string[]> VirtualServices = Gen.Select(
            Gen.OneOf("shop", "web", "istio-system"), Gen.OneOf("tenant.shop.svc.cluster.local", "'*.shop.svc.cluster.local'", "'*'", "tenant"),
            Gen.OneOf("", ", exportTo: ['.']", ", exportTo: [web]"),
            Gen.OneOf("", "match: [{ sourceLabels: { app: client } }], ", "match: [{ uri: { prefix: /a } }, { sourceNamespace: web }], "), Gen.Int[1, 3], Gen.Int[1, 9])
        .Array[0, 6]
        .Select(items => items.Select((item, index) => Virtual($"{item.Item1}/v{index}", item.Item2, $"{{ {item.Item4}{ToTenant}, timeout: {item.Item6}s }}", $"2026-01-0{item.Item5}", item.Item3)).ToArray());

    [Fact]
    public void The_order_of_input_does_not_matter() => VirtualServices.SelectMany(rules => Gen.Shuffle(rules).Select(shuffled => (rules, shuffled)))
        .Sample(pair => Text(Rows(pair.rules)) == Text(Rows(pair.shuffled)));

    [Fact]
    public void A_VirtualService_for_something_else_changes_nothing() => VirtualServices.Sample(rules =>
        Text(Rows(rules)) == Text(Rows([.. rules, Virtual("shop/a", "other, '*.example.com'", $"{{ match: [{{ sourceLabels: {{ app: client }} }}], {ToTenant}, timeout: 99s }}", "2025-01-01")])));

    private static MeshTimeout[] Rows(params string[] documents)
    {
        var snapshot = Read([Tenant(sidecars: [true]), .. Clients, .. documents]);
        return new MeshTimeoutResolver(snapshot).Resolve(snapshot.Service()).ToArray();
    }

    private static string Text(IEnumerable<MeshTimeout> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Route} {row.Match} {row.VirtualService} {row.Timeout} {string.Join(',', row.Clients)}"));
}
