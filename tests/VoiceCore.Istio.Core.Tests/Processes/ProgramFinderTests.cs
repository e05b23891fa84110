using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Tests.Processes;

public sealed class ProgramFinderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finder");

    [Theory]
    [InlineData("tool.exe", ".COM;.EXE;.BAT;.CMD", "tool.exe")]
    [InlineData("tool.cmd", ".COM;.EXE;.BAT;.CMD", null)]
    [InlineData("tool.exe", null, "tool.exe")]
    [InlineData("tool.py", ".PY;.EXE", "tool.py")]
    public void Windows_looks_for_the_extensions_of_PATHEXT_and_never_for_batch_files(string file, string? extensions, string? found)
    {
        Make(file);

        Assert.Equal(Expected(found), ProgramFinder.Find("tool", $"\"{_folder.FullName}\"", extensions, windows: true));
    }

    [Fact]
    public void A_name_with_its_extension_is_enough_on_Windows()
    {
        Make("tool.exe");

        Assert.Equal(Expected("tool.exe"), ProgramFinder.Find("tool.exe", _folder.FullName, ".EXE", windows: true));
    }

    [Fact]
    public void The_first_folder_of_PATH_wins_and_relative_folders_do_not_count()
    {
        Make("tool");
        var second = _folder.CreateSubdirectory("second");
        File.WriteAllText(Path.Combine(second.FullName, "tool"), "");
        var path = OperatingSystem.IsWindows() ? null : $".:relative:{_folder.FullName}:{second.FullName}";
        Assert.SkipWhen(path is null, "The separator of PATH is that of Linux and macOS.");

        Assert.Equal(Expected("tool"), ProgramFinder.Find("tool", path, null, windows: false));
    }

    [Fact]
    public void A_name_with_a_folder_is_a_path()
    {
        Make("tool");

        Assert.Equal(Expected("tool"), ProgramFinder.Find(Path.Combine(_folder.FullName, "tool"), path: null, null, windows: false));
        Assert.Null(ProgramFinder.Find(Path.Combine(_folder.FullName, "other"), path: null, null, windows: false));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Make(string name) => File.WriteAllText(Path.Combine(_folder.FullName, name), "");

    private string? Expected(string? name) => name is null ? null : Path.Combine(_folder.FullName, name);
}
