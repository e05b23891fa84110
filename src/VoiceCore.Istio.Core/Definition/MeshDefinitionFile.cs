using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Definitions on disk, and the one that ships with the module.</summary>
public static class MeshDefinitionFile
{
    private static readonly Lazy<string> ShippedText = new(() =>
    {
        using var stream = typeof(MeshDefinitionFile).Assembly.GetManifestResourceStream("VoiceCore.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    });

    private static readonly Lazy<MeshDefinition> Shipped = new(() => MeshDefinitionReader.Read(VoiceCoreText).Definition!);

    /// <summary>The VoiceCore definition as its document, with comments.</summary>
    public static string VoiceCoreText => ShippedText.Value;

    /// <summary>The VoiceCore definition: the default of every command that takes one.</summary>
    public static MeshDefinition VoiceCore => Shipped.Value;

    /// <summary>The definition in a file, or the VoiceCore definition where <paramref name="path"/> is null.</summary>
    /// <exception cref="MeshException">
    /// <c>DefinitionNotFound</c>, <c>DefinitionUnreadable</c>, or <c>DefinitionInvalid</c> with the first error.
    /// </exception>
    public static MeshDefinition Load(string? path)
    {
        if (path is null)
            return VoiceCore;

        var document = Read(path);
        return document.Definition ?? throw DefinitionErrors.Invalid(path, document);
    }

    /// <summary>Reads a file, or the VoiceCore definition where <paramref name="path"/> is null, and reports everything about it.</summary>
    /// <exception cref="MeshException"><c>DefinitionNotFound</c> or <c>DefinitionUnreadable</c>.</exception>
    public static MeshDefinitionDocument Read(string? path) => path is null
        ? MeshDefinitionReader.Read(VoiceCoreText)
        // One character more than the reader accepts is enough to have it say so, however long the file is.
        : MeshDefinitionReader.Read(TextFile.ReadAtMost(path, YamlTree.MaxLength + 1), path);

    /// <summary>Checks that a definition may be written to <paramref name="path"/>.</summary>
    /// <exception cref="MeshException"><c>DefinitionExists</c>, unless <paramref name="overwrite"/>.</exception>
    public static void CheckFree(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
            throw DefinitionErrors.Exists(path);
    }

    /// <summary>Writes a definition file, replacing one that is there.</summary>
    /// <exception cref="MeshException"><c>FileNotWritten</c>.</exception>
    public static void Write(string path, string text) => TextFile.Write(path, text);
}
