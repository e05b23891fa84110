using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>What writing a rendered file would do, or did.</summary>
public enum ExportAction
{
    /// <summary>The file is not there yet.</summary>
    Created,

    /// <summary>The file is there with another text.</summary>
    Updated,

    /// <summary>The file is there with the same text; it is not touched.</summary>
    Unchanged,
}

/// <summary>One file of an export.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Action">What is done with it.</param>
/// <param name="Objects">Number of objects in it.</param>
/// <param name="FullName">Its path.</param>
public sealed record ExportedFile(string Name, ExportAction Action, int Objects, string FullName);

/// <summary>Writes rendered files into a folder. A second run with the same definition touches nothing.</summary>
public static class MeshExport
{
    /// <summary>What writing <paramref name="file"/> into <paramref name="folder"/> would do.</summary>
    /// <exception cref="MeshException"><c>DefinitionUnreadable</c>: a file of that name is there and cannot be read.</exception>
    public static ExportedFile Plan(RenderedFile file, string folder)
    {
        var path = Path.Combine(folder, file.Name);
        return new ExportedFile(file.Name, ActionOn(path, RenderedText.Of(file)), file.Objects.Count, path);
    }

    /// <summary>Writes a file that was planned as created or updated.</summary>
    /// <exception cref="MeshException"><c>FileNotWritten</c>.</exception>
    public static void Write(RenderedFile file, ExportedFile plan) => TextFile.Write(plan.FullName, RenderedText.Of(file));

    // Version control may have given the file the line endings of the machine: that is no change.
    private static ExportAction ActionOn(string path, string text) => TextFile.ReadIfExists(path) switch
    {
        null => ExportAction.Created,
        var current when current.ReplaceLineEndings("\n") == text => ExportAction.Unchanged,
        _ => ExportAction.Updated,
    };
}
