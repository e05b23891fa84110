using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class DefinitionTemplateTests
{
    [Fact]
    public void AProductStartsWithNothingToCorrectButItsFrontDoor()
    {
        var document = MeshDefinitionReader.Read(DefinitionTemplate.ForProduct("shop", "shop", ["front", "cart"], "registry.example.com", "1.0"));
        Assert.Equal([DefinitionFindings.PlainIngress.Code], document.Findings.Where(finding => finding.Severity > FindingSeverity.Info).Select(finding => finding.Code));
        Assert.Equal("front", document.Definition!.Ingress!.Backend);
        Assert.Equal(["ingress"], document.Definition.Services[0].Callers);
        Assert.Equal(["front"], document.Definition.Services[1].Callers);
    }

    [Fact]
    public void VoiceCoreKeepsItsCommentsAndTakesImages()
    {
        var text = DefinitionTemplate.VoiceCore("registry.example.com/voicecore", "3.1e3");
        var definition = MeshDefinitionReader.Read(text).Definition!;
        Assert.StartsWith("# The mesh of VoiceCore AI 3.0.", text, StringComparison.Ordinal);
        Assert.Equal("registry.example.com/voicecore/tenant:3.1e3", definition.ImageOf(definition.Services.Single(service => service.Name == "tenant")));
    }

    [Fact]
    public void VoiceCoreWithoutImagesIsTheShippedText() =>
        Assert.Equal(MeshDefinitionFile.VoiceCoreText, DefinitionTemplate.VoiceCore(null, null));

    [Theory]
    [InlineData("Shop!", "front", null)]
    [InlineData("shop", "Front", null)]
    [InlineData("shop", "front", "not a registry")]
    [InlineData("shop", "front", "it's: [no, registry")]
    public void RefusesWhatCannotStandInADefinition(string product, string service, string? registry)
    {
        var error = Assert.Throws<MeshException>(() => DefinitionTemplate.ForProduct(product, "shop", [service], registry, "1"));
        Assert.Equal("TemplateInvalid", error.Id);
    }
}
