using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsDiagnostic.Test, "MeshDefinition", DefaultParameterSetName = PathSet)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestMeshDefinitionCommand : MeshCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    [Parameter(Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var file in Files())
        {
            MeshDefinitionDocument? document = null;
            TryItem(() => document = MeshDefinitionFile.Read(file));
            if (Quiet)
                WriteObject(document?.IsValid ?? false);
            else if (document is not null)
                WriteObject(document.Findings, enumerateCollection: true);
        }
    }

    // Without a path: the definition that ships with the module.
    private IEnumerable<string?> Files()
    {
        if (ParameterSetName == LiteralPathSet)
            return Files(LiteralPath, areLiteral: true);
        return MyInvocation.BoundParameters.ContainsKey(nameof(Path)) ? Files(Path, areLiteral: false) : (IEnumerable<string?>)[null];
    }
}
