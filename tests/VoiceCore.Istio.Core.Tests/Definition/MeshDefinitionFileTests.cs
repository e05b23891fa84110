using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class MeshDefinitionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-definition-").FullName;

    private string MeshFile => Path.Combine(_folder, "mesh.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WithoutAPathItIsVoiceCore() => Assert.Same(MeshDefinitionFile.VoiceCore, MeshDefinitionFile.Load(null));

    [Fact]
    public void MissingFile() => Assert.Equal("DefinitionNotFound", Assert.Throws<MeshException>(() => MeshDefinitionFile.Load(MeshFile)).Id);

    [Fact]
    public void MissingFolder() =>
        Assert.Equal("DefinitionNotFound", Assert.Throws<MeshException>(() => MeshDefinitionFile.Load(Path.Combine(_folder, "none", "mesh.yaml"))).Id);

    [Fact]
    public void AFolderInsteadOfAFile() =>
        Assert.Equal("DefinitionUnreadable", Assert.Throws<MeshException>(() => MeshDefinitionFile.Load(_folder)).Id);

    [Fact]
    public void InvalidDefinitionNamesTheFirstErrorAndTheNumber()
    {
        File.WriteAllText(MeshFile, "apiVersion: mesh.voicecore.io/v1\nkind: MeshDefinition\nproduct: shop\n");
        var error = Assert.Throws<MeshException>(() => MeshDefinitionFile.Load(MeshFile));
        Assert.Equal("DefinitionInvalid", error.Id);
        Assert.Contains("3 error(s). The first, line 1: 'namespace' is missing.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Test-MeshDefinition", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void AHugeFileIsNotReadToItsEnd()
    {
        using (var file = File.Create(MeshFile))
            file.SetLength(16 * 1024 * 1024);
        Assert.Equal("VCM0002", Assert.Single(MeshDefinitionFile.Read(MeshFile).Findings).Code);
    }

    [Fact]
    public void AnExistingFileIsKept()
    {
        MeshDefinitionFile.CheckFree(MeshFile, overwrite: false);
        MeshDefinitionFile.Write(MeshFile, "a");
        Assert.Equal("DefinitionExists", Assert.Throws<MeshException>(() => MeshDefinitionFile.CheckFree(MeshFile, overwrite: false)).Id);
        MeshDefinitionFile.CheckFree(MeshFile, overwrite: true);
    }
}
