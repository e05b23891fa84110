using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Tests.Processes;

public sealed class ProgramFinderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finder");

    // PATHEXT also names scripts and batch files, and so finds what cannot be started or must not be.
    [Theory]
    [InlineData("tool.exe", "tool", "tool.exe")]
    [InlineData("tool.com", "tool", "tool.com")]
    [InlineData("tool.exe", "tool.exe", "tool.exe")]
    [InlineData("tool-1.30.exe", "tool-1.30", "tool-1.30.exe")]
    [InlineData("tool.cmd", "tool", null)]
    [InlineData("tool.cmd", "tool.cmd", null)]
    [InlineData("tool.bat", "tool.bat", null)]
    [InlineData("tool.js", "tool", null)]
    [InlineData("tool", "tool", null)]
    public void Windows_finds_what_it_can_start_by_itself(string file, string name, string? found)
    {
        Make(file);

        Assert.Equal(Expected(found), ProgramFinder.Find(name, $"\"{_folder.FullName}\"", windows: true));
        Assert.Equal(Expected(found), ProgramFinder.Find(Path.Combine(_folder.FullName, name), path: null, windows: true));
    }

    [Fact]
    public void The_first_folder_of_PATH_wins_and_relative_folders_do_not_count()
    {
        Make("tool.exe");
        var second = _folder.CreateSubdirectory("second");
        File.WriteAllText(Path.Combine(second.FullName, "tool.exe"), "");
        var path = string.Join(Path.PathSeparator, ".", "relative", _folder.FullName, second.FullName);

        Assert.Equal(Expected("tool.exe"), ProgramFinder.Find("tool.exe", path, OperatingSystem.IsWindows()));
    }

    [Fact]
    public void A_name_with_a_folder_is_a_path()
    {
        Make("tool");

        Assert.Equal(Expected("tool"), ProgramFinder.Find(Path.Combine(_folder.FullName, "tool"), path: null, windows: false));
        Assert.Null(ProgramFinder.Find(Path.Combine(_folder.FullName, "other"), path: null, windows: false));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Make(string name) => File.WriteAllText(Path.Combine(_folder.FullName, name), "");

    private string? Expected(string? name) => name is null ? null : Path.Combine(_folder.FullName, name);
}
