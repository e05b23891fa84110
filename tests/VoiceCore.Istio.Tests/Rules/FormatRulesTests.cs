using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every view of the module keeps to.</summary>
public sealed class FormatRulesTests
{
    private const int NarrowConsole = 80;
    private const int WideConsole = 160;
    private const int LeastRoom = 10;

    // All that they show is short, and kubectl does not wrap either.
    private static readonly string[] NeverLong = ["AccessChange", "CertificateMeaning", "ExportedFile", "MeshDependency"];

    public static TheoryData<string> TypeNames => [.. FormatViews.All.Select(view => view.TypeName).Distinct().Order()];

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Shows_properties_that_are_there(string typeName)
    {
        var type = new[] { typeof(MeshSnapshot), typeof(RunningSandbox), typeof(MeshCmdlet) }.Select(known => known.Assembly.GetType(typeName)).FirstOrDefault(found => found is not null);

        Assert.NotNull(type);
        var properties = type.GetProperties().Select(property => property.Name).ToHashSet();
        Assert.All(FormatViews.All.Where(view => view.TypeName == typeName).SelectMany(view => view.Properties), property => Assert.Contains(property, properties));
    }

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Has_one_default_view_that_shows_every_column_in_a_narrow_console(string typeName)
    {
        var view = Assert.Single(FormatViews.All, view => view.TypeName == typeName && !view.IsWide);

        if (!view.IsSized && view.Columns.Count > 0)
            Assert.InRange(view.Room(NarrowConsole), LeastRoom, NarrowConsole);
    }

    // PowerShell sizes all columns of a table by what they hold where the first has no width, and leaves out those that do not fit.
    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Cuts_nothing_off_in_wide_views(string typeName) =>
        Assert.All(FormatViews.All.Where(view => view.TypeName == typeName && view.IsWide), view =>
        {
            Assert.True(view.Wraps && !view.IsSized && view.Columns[0] > 0, $"A wide view of {typeName} leaves something out.");
            Assert.InRange(view.Room(WideConsole), LeastRoom, WideConsole);
        });

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Wraps_or_has_a_view_that_does(string typeName) =>
        Assert.Contains(FormatViews.All, view => view.TypeName == typeName && (view.Wraps || view.Columns.Count == 0 || NeverLong.Contains(typeName.Split('.')[^1])));
}
