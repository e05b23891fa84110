using System.Globalization;
using System.Xml.Linq;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>A view of the module's format file.</summary>
/// <param name="TypeName">The type that it is for.</param>
/// <param name="IsWide">A wide view, which is shown on request.</param>
/// <param name="Properties">The properties that it names outside of scripts.</param>
/// <param name="Width">The columns that have a width, with a space between two.</param>
internal sealed record FormatViews(string TypeName, bool IsWide, IReadOnlyList<string> Properties, int Width)
{
    /// <summary>All of the file.</summary>
    internal static IReadOnlyList<FormatViews> All { get; } =
    [
        .. from view in XDocument.Load(Path.Combine(Repository.Root, "VoiceCore.Istio.Format.ps1xml")).Descendants("View")
           let widths = view.Descendants("Width").Select(width => int.Parse(width.Value, CultureInfo.InvariantCulture)).ToArray()
           from type in view.Descendants("TypeName")
           select new FormatViews(
               type.Value,
               view.Element("Name")!.Value == "Wide",
               [.. view.Descendants("PropertyName").Select(property => property.Value)],
               widths.Sum() + Math.Max(0, widths.Length - 1)),
    ];
}
