using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsCommon.New, "MeshDefinition", SupportsShouldProcess = true, DefaultParameterSetName = VoiceCoreSet)]
[OutputType(typeof(FileInfo))]
public sealed class NewMeshDefinitionCommand : MeshCmdlet
{
    private const string VoiceCoreSet = "VoiceCore";
    private const string ProductSet = "Product";

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "mesh.yaml";

    [Parameter(Mandatory = true, ParameterSetName = ProductSet, ValueFromPipelineByPropertyName = true)]
    public string Product { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = ProductSet, ValueFromPipelineByPropertyName = true)]
    public string[] Service { get; set; } = [];

    [Parameter(ParameterSetName = ProductSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ImageRegistry { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ImageTag { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var (path, text) = ("", "");
        if (!TryItem(() => (path, text) = (ResolvePath(Path), Template())) || !TryItem(() => MeshDefinitionFile.CheckFree(path, Force)))
            return;
        if (ShouldProcess(path, "Write mesh definition") && TryItem(() => MeshDefinitionFile.Write(path, text)))
            WriteObject(new FileInfo(path));
    }

    private string Template() => ParameterSetName == ProductSet
        ? DefinitionTemplate.ForProduct(Product, Namespace ?? Product, Service, ImageRegistry, ImageTag)
        : DefinitionTemplate.VoiceCore(ImageRegistry, ImageTag);
}
