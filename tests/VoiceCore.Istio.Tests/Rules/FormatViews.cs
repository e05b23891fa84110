using System.Globalization;
using System.Xml.Linq;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>A view of the module's format file.</summary>
/// <param name="TypeName">The type that it is for.</param>
/// <param name="IsWide">A wide view, which is shown on request.</param>
/// <param name="Properties">The properties that it names outside of scripts.</param>
/// <param name="Columns">The columns of a table with their widths; 0 where the console decides, none for a list.</param>
/// <param name="IsSized">Whether columns are as wide as what they hold, and those that do not fit are left out.</param>
/// <param name="Wraps">Whether what is too long for its column goes on in the next line.</param>
internal sealed record FormatViews(string TypeName, bool IsWide, IReadOnlyList<string> Properties, IReadOnlyList<int> Columns, bool IsSized, bool Wraps)
{
    /// <summary>All of the file.</summary>
    internal static IReadOnlyList<FormatViews> All { get; } =
    [
        .. from view in XDocument.Load(Path.Combine(Repository.Root, "VoiceCore.Istio.Format.ps1xml")).Descendants("View")
           let widths = view.Descendants("TableColumnHeader").Select(column => int.Parse(column.Element("Width")?.Value ?? "0", CultureInfo.InvariantCulture)).ToArray()
           from type in view.Descendants("TypeName")
           select new FormatViews(
               type.Value,
               view.Element("Name")!.Value == "Wide",
               [.. view.Descendants("PropertyName").Select(property => property.Value)],
               widths,
               view.Descendants("AutoSize").Any(),
               view.Descendants("Wrap").Any()),
    ];

    /// <summary>What a console of a width leaves for each column without a width of its own, with a space between two columns.</summary>
    internal int Room(int console) => (console - Columns.Sum() - Columns.Count + 1) / Math.Max(1, Columns.Count(width => width == 0));
}
