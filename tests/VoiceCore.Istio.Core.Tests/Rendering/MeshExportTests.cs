using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Tests.Rendering;

public sealed class MeshExportTests : IDisposable
{
    private static readonly RenderedFile Telemetry =
        MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = "1-30-3" }).Files.Single(file => file.Name == "telemetry.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-export-").FullName;

    private string Target => Path.Combine(_folder, "new", "telemetry.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ASecondExportChangesNothing()
    {
        Assert.Equal(ExportAction.Created, Export().Action);
        Assert.Equal(RenderedText.Of(Telemetry), File.ReadAllText(Target));
        Assert.Equal(new ExportedFile("telemetry.yaml", ExportAction.Unchanged, 1, Target), Export());
    }

    [Fact]
    public void LineEndingsOfTheMachineAreNoChange()
    {
        Export();
        File.WriteAllText(Target, File.ReadAllText(Target).ReplaceLineEndings("\r\n"));
        Assert.Equal(ExportAction.Unchanged, Export().Action);
    }

    [Fact]
    public void AChangedFileIsUpdated()
    {
        Export();
        File.AppendAllText(Target, "# by hand\n");
        Assert.Equal(ExportAction.Updated, Export().Action);
        Assert.Equal(RenderedText.Of(Telemetry), File.ReadAllText(Target));
    }

    [Fact]
    public void FilesAreUtf8WithoutMarkAndHaveUnixLineEndings()
    {
        Export();
        var bytes = File.ReadAllBytes(Target);
        Assert.Equal((byte)'#', bytes[0]);
        Assert.DoesNotContain((byte)'\r', bytes);
    }

    [Fact]
    public void AFolderThatCannotBe()
    {
        File.WriteAllText(Path.Combine(_folder, "new"), "a file");
        var plan = new ExportedFile("telemetry.yaml", ExportAction.Created, 1, Target);
        Assert.Equal("FileNotWritten", Assert.Throws<MeshException>(() => MeshExport.Write(Telemetry, plan)).Id);
    }

    private ExportedFile Export()
    {
        var plan = MeshExport.Plan(Telemetry, Path.Combine(_folder, "new"));
        if (plan.Action != ExportAction.Unchanged)
            MeshExport.Write(Telemetry, plan);
        return plan;
    }
}
