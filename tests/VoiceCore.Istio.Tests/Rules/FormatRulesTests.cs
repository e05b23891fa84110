using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every view of the module keeps to.</summary>
public sealed class FormatRulesTests
{
    private const int UsualConsole = 120;

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
    public void Has_one_default_view_that_leaves_room_for_its_last_column(string typeName)
    {
        var view = Assert.Single(FormatViews.All, view => view.TypeName == typeName && !view.IsWide);

        Assert.InRange(view.Width, 0, UsualConsole - 1);
    }
}
