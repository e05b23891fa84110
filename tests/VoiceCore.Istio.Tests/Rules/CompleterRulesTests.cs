using System.Management.Automation;
using System.Reflection;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Rules.ModuleCmdlets;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every completer keeps to, through PowerShell's own completion.</summary>
public sealed class CompleterRulesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("completion");
    private readonly ModuleSession _session = new();

    public static TheoryData<string> Completed =>
    [
        .. from cmdlet in Names
           from parameter in Parameters(cmdlet)
           where parameter.GetCustomAttributes<ArgumentCompleterAttribute>().Any(attribute => attribute.Type.IsSubclassOf(typeof(MeshCompleter)))
               && TypeOf(cmdlet).GetProperty("Kubeconfig") is not null
           select $"{cmdlet} -{parameter.Name} ",
    ];

    [Theory]
    [MemberData(nameof(Completed))]
    public void Is_silent_about_a_cluster_that_does_not_answer(string line)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config"), ClosedCluster.Kubeconfig);

        foreach (var file in new[] { "config", "absent" })
        {
            var command = line.Replace(" -", $" -Kubeconfig '{Path.Combine(_folder.FullName, file)}' -", StringComparison.Ordinal);
            // The context is in the file, which may take longer to read than the first press waits.
            var isInFile = line.EndsWith("-Context ", StringComparison.Ordinal) && file == "config";
            var result = _session.Run(
                "$Error.Clear(); foreach ($press in 1..$presses) { $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText; if ('closed' -in $found) { break } }; $found; $Error.Count",
                new Dictionary<string, object?> { ["line"] = command, ["presses"] = isInFile ? 50 : 1 }).ThrowOnError();

            // Where a completer has nothing, PowerShell may offer files.
            Assert.Equal(0, result.Output[^1].BaseObject);
            Assert.Equal(isInFile, result.Output.Any(text => $"{text}" == "closed"));
        }
    }

    [Fact]
    public void Is_asked_for_a_fourth_of_a_second_at_most() => Assert.InRange(CompletionCache.Patience, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));

    [Theory]
    [InlineData("Get-MeshDependency -Name te", "tenant")]
    [InlineData("Get-MeshDependency -Caller inte", "integration")]
    [InlineData("Get-MeshRequirement 1.", "1.1")]
    public void Offers_what_needs_no_cluster(string line, string expected) =>
        Assert.Contains(expected, _session.Run("(TabExpansion2 $line $line.Length).CompletionMatches.CompletionText", new Dictionary<string, object?> { ["line"] = line }).ThrowOnError().Output.Select(text => text.ToString()));

    [Theory]
    [InlineData("Test-MeshTls ten", "tenant")]
    [InlineData("Resolve-MeshPolicy -Namespace sho", "shop")]
    [InlineData("Resolve-MeshPolicy -Client sho", "shop")]
    [InlineData("Get-MeshWorkload ten", "tenant-v1-a")]
    [InlineData("Get-MeshInjection -Workload ten", "tenant-v1-a")]
    [InlineData("Test-MeshAuthorization -To shop/", "shop/tenant")]
    [InlineData("Test-MeshAuthorization -From shop/", "shop/default")]
    public void Offers_what_the_snapshot_of_the_line_holds(string begun, string expected)
    {
        var cmdlet = begun.Split(' ')[0];
        File.Copy(Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "canary.yaml"), Path.Combine(_folder.FullName, "mesh.yaml"));
        _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); Export-MeshSnapshot saved.json.gz -SnapshotPath mesh.yaml; $mesh = Import-MeshSnapshot saved.json.gz").ThrowOnError();

        // A path may be relative to PowerShell's location; a snapshot in a variable is as good.
        Func<int, string>[] sources =
        [
            attempt => $"-SnapshotPath {Copy("mesh.yaml", attempt)}",
            attempt => $"-SnapshotPath '{Path.Combine(_folder.FullName, Copy("saved.json.gz", attempt))}'",
            _ => "-Snapshot $mesh",
        ];
        Assert.All(sources, source => Assert.Contains(expected, Enumerable.Range(0, 10)
            .Select(attempt => _session.Complete($"{cmdlet} {source(attempt)}{begun[cmdlet.Length..]}"))
            .FirstOrDefault(offered => offered.Length > 0, [])));
    }

    [Theory]
    [InlineData("absent.yaml")]
    [InlineData("damaged.json.gz")]
    public void Is_silent_about_a_snapshot_that_cannot_be_read(string name)
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "damaged.json.gz"), [0x1F, 0x8B, 8, 0]);

        Assert.Empty(_session.Complete($"Get-MeshWorkload -SnapshotPath '{Path.Combine(_folder.FullName, name)}' -Namespace none-"));
        Assert.Empty(_session.Run("$Error").Output);
    }

    // A file that took too long to read is not read again for a while: each attempt has one of its own.
    private string Copy(string name, int attempt)
    {
        var copy = $"copy-{attempt}-{name}";
        File.Copy(Path.Combine(_folder.FullName, name), Path.Combine(_folder.FullName, copy));
        return copy;
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }
}
