using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atomic");

    // The root has no folder that it could be written into.
    [Fact]
    public void A_folder_is_no_file()
    {
        string[] paths = [Path.GetPathRoot(_folder.FullName)!, _folder.FullName + Path.DirectorySeparatorChar, _folder.FullName];

        Assert.All(paths, path => Assert.Equal("FileNotWritten", Assert.Throws<MeshException>(() => TextFile.Write(path, "x")).Id));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
        Assert.Empty(_folder.Parent!.EnumerateFileSystemInfos(_folder.Name + ".part"));
    }

    // Windows takes no file away from a program that did not allow it. What was there stays whole, and nothing is left beside it.
    [Fact]
    public void A_file_that_another_program_holds_is_written_as_a_whole_or_not_at_all()
    {
        var path = Path.Combine(_folder.FullName, "mesh.yaml");
        TextFile.Write(path, "one");
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            if (OperatingSystem.IsWindows())
                Assert.Equal("FileNotWritten", Assert.Throws<MeshException>(() => TextFile.Write(path, "two")).Id);
            else
                TextFile.Write(path, "two");
        }

        Assert.Equal(OperatingSystem.IsWindows() ? "one" : "two", File.ReadAllText(path));
        Assert.Equal(["mesh.yaml"], _folder.EnumerateFileSystemInfos().Select(item => item.Name));
    }

    [Fact]
    public void Texts_have_no_byte_order_mark_and_the_line_ends_they_are_given_with()
    {
        var path = Path.Combine(_folder.FullName, "a", "b", "mesh.yaml");

        TextFile.Write(path, "ä: 1\nb: 2\n");

        Assert.Equal("ä: 1\nb: 2\n"u8.ToArray(), File.ReadAllBytes(path));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
