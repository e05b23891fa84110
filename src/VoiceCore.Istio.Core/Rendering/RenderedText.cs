using System.Text;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>Rendered files and objects as YAML text: deterministic, LF, no date in it.</summary>
public static class RenderedText
{
    /// <summary>A file: its description as a comment, then its document or its objects.</summary>
    public static string Of(RenderedFile file)
    {
        var text = new StringBuilder()
            .Append("# ").Append(file.Description).Append('\n')
            .Append("# Rendered from the mesh definition. Change the definition, not this file.\n");
        if (file.Document is not null)
            text.Append(YamlWriter.Write(file.Document));
        foreach (var item in file.Objects)
            text.Append("---\n").Append(Of(item));
        return text.ToString();
    }

    /// <summary>One object as a document, such as istioctl takes for its IstioOperator files.</summary>
    public static string Of(RenderedObject item) => YamlWriter.Write(item.Object.Json);
}
