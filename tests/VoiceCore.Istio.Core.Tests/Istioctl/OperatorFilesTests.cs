using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;

namespace VoiceCore.Istio.Core.Tests.Istioctl;

/// <summary>The documents for istioctl as files. Alone, for the temporary folder is the whole process's.</summary>
[CollectionDefinition(nameof(OperatorFilesTests), DisableParallelization = true)]
[Collection(nameof(OperatorFilesTests))]
public sealed class OperatorFilesTests
{
    private static readonly string[] Variables = ["TMPDIR", "TMP", "TEMP"];

    [Fact]
    public void The_files_are_gone_when_istioctl_has_ended()
    {
        var files = new OperatorFiles(["kind: IstioOperator\n", "kind: IstioOperator # overlay\n"]);
        Assert.Equal("kind: IstioOperator # overlay\n", File.ReadAllText(Path.Combine(files.Folder, files.Names[1])));

        files.Dispose();

        Assert.False(Directory.Exists(files.Folder));
    }

    [Fact]
    public void A_temporary_folder_that_cannot_be_written_to_is_an_error()
    {
        var noFolder = Path.GetTempFileName();
        var before = Variables.ToDictionary(variable => variable, Environment.GetEnvironmentVariable);
        try
        {
            foreach (var variable in Variables)
                Environment.SetEnvironmentVariable(variable, noFolder);

            var error = Assert.Throws<MeshException>(() => new OperatorFiles(["kind: IstioOperator\n"]));

            Assert.Equal(("IstioctlFilesNotWritten", MeshErrorCategory.WriteError), (error.Id, error.Category));
            Assert.Contains(noFolder, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var (variable, value) in before)
                Environment.SetEnvironmentVariable(variable, value);
            File.Delete(noFolder);
        }
    }
}
