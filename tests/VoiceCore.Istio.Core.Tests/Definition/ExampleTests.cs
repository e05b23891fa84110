using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class ExampleTests
{
    [Fact]
    public void The_shop_has_nothing_to_warn_of()
    {
        var document = MeshDefinitionFile.Read(Examples.PathOf("Shop.yaml"));

        Assert.Empty(document.Findings.Where(finding => finding.Severity > FindingSeverity.Info).Select(finding => $"{finding.Line} {finding.Code} {finding.Message}"));
    }

    [Fact]
    public void The_shop_is_read_as_it_is_written()
    {
        var shop = Examples.Shop;

        Assert.Equal("shop.example/ns/shop-ingress/sa/shop-gateway", MeshDependency.Of(shop)[0].Principal);
        Assert.Equal(1_000_000, shop.RateLimits!.Quotas!.Limits[0].Tenants["big-merchant"]);
        Assert.Equal((QuotaUnit.Minute, "/checkout"), (shop.RateLimits.Quotas.Limits[1].Unit, shop.RateLimits.Quotas.Limits[1].PathPrefix));
        Assert.Equal(["/health/*", "/catalog/*"], shop.RateLimits.Tenant!.PublicPaths);
        Assert.Equal(TimeSpan.FromSeconds(5), shop.Services[2].LatencyP99);
        Assert.Equal("prometheus", shop.Alerts!.Labels["release"]);
    }

    [Fact]
    public void The_shop_is_written_back_as_the_same_definition() =>
        Assert.Equivalent(Examples.Shop, MeshDefinitionReader.Read(MeshDefinitionWriter.Write(Examples.Shop)).Definition, strict: true);
}
