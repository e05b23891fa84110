using System.Management.Automation;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

/// <summary>A cmdlet that holds the mesh of a definition against a cluster.</summary>
public abstract class MeshRequestCmdlet : IstioctlCmdlet
{
    /// <summary>The definition's file.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    /// <summary>The revision of the control plane; by default from istioctl's version.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RevisionCompleter))]
    public string? Revision { get; set; }

    /// <summary>Registry of Istio's images; goes before the definition's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Hub { get; set; }

    /// <summary>Whether the product's own services count too.</summary>
    [Parameter]
    public SwitchParameter IncludeWorkloads { get; set; }

    /// <summary>What is asked for; without a file, the VoiceCore mesh.</summary>
    protected MeshInstallRequest Request() => new()
    {
        Definition = LoadDefinition(DefinitionPath),
        Revision = Revision,
        Hub = Hub,
        IncludeWorkloads = IncludeWorkloads,
    };
}
