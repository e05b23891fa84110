using System.Text.RegularExpressions;
using System.Xml.Linq;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every error of the module keeps to.</summary>
public sealed partial class ErrorRulesTests
{
    private static readonly string[] Texts = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*Text.resx", SearchOption.AllDirectories);

    private static readonly string[] Sources =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*Errors.cs", SearchOption.AllDirectories).Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];

    public static TheoryData<string> Areas => [.. Sources.Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Areas))]
    public void Says_what_to_do(string source)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, source));

        foreach (Match error in Error().Matches(text))
        {
            var resources = XDocument.Load(Texts.Single(file => Path.GetFileNameWithoutExtension(file) == error.Groups[1].Value))
                .Descendants("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);
            Assert.True(resources.TryGetValue(error.Groups[2].Value + "Action", out var action) && action.Length > 0, $"{error.Groups[2].Value} does not say what to do.");
        }
    }

    [Fact]
    public void Has_an_id_of_its_own()
    {
        var ids = Sources.SelectMany(path => Error().Matches(File.ReadAllText(path)).Select(match => match.Groups[2].Value).Distinct().Select(id => (Id: id, Area: path)));

        Assert.All(ids.GroupBy(item => item.Id), same => Assert.Single(same.Select(item => item.Area).Distinct()));
    }

    [GeneratedRegex(@"nameof\((\w+Text)\.(\w+)\),\s*MeshErrorCategory")]
    private static partial Regex Error();
}
