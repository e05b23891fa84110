using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class MeshDefinitionWriterTests
{
    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        MeshDefinitions.All.Sample(definition =>
        {
            var document = MeshDefinitionReader.Read(MeshDefinitionWriter.Write(definition));
            Assert.True(document.IsValid, string.Join('\n', document.Findings));
            Assert.Equivalent(definition, document.Definition, strict: true);
        });

    [Fact]
    public void TheVoiceCoreDefinitionSurvives() =>
        Assert.Equivalent(
            MeshDefinitionFile.VoiceCore,
            MeshDefinitionReader.Read(MeshDefinitionWriter.Write(MeshDefinitionFile.VoiceCore)).Definition,
            strict: true);
}
