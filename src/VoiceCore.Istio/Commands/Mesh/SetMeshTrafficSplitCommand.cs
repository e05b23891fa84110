using System.Collections;
using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Set, "MeshTrafficSplit", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(TrafficSplitChange))]
public sealed class SetMeshTrafficSplitCommand : KubernetesCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ServiceCompleter))]
    public string Service { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? VirtualService { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Route { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Match { get; set; }

    [Parameter(Position = 1)]
    public Hashtable? Weight { get; set; }

    [Parameter]
    public Hashtable? Header { get; set; }

    [Parameter]
    public string? Subset { get; set; }

    [Parameter]
    public SwitchParameter RemoveHeader { get; set; }

    [Parameter]
    public string? Mirror { get; set; }

    [Parameter]
    [Number]
    [ValidateRange(0.0, 100.0)]
    public double MirrorPercentage { get; set; } = 100;

    [Parameter]
    public SwitchParameter RemoveMirror { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        TrafficSplitWriter? writer = null;
        TrafficSplitChange? change = null;
        var isPlanned = TryItem(() =>
        {
            writer = new TrafficSplitWriter(Api);
            var request = Request();
            change = Run((log, cancellationToken) => writer.PlanAsync(request, log, cancellationToken));
        });
        if (!isPlanned)
            return;
        foreach (var warning in change!.After.SelectMany(split => split.Warnings))
            WriteWarning(warning);
        if (change.Action != PlanAction.Unchanged && ShouldProcess($"{change.Namespace}/{change.VirtualService}", change.Summary)
            && !TryItem(() => change = Run((_, cancellationToken) => writer!.ApplyAsync(change, cancellationToken))))
            return;
        WriteObject(change);
    }

    private TrafficSplitRequest Request() => new()
    {
        Service = Service,
        Namespace = Namespace ?? Api.Connection.DefaultNamespace,
        VirtualService = VirtualService,
        Route = Route,
        Match = Match,
        Weights = Weight is null ? null : Texts(Weight),
        Headers = Header is null ? null : Texts(Header),
        Subset = Subset,
        RemoveHeader = RemoveHeader,
        Mirror = Mirror,
        MirrorPercentage = MirrorPercentage,
        RemoveMirror = RemoveMirror,
        Force = Force,
    };
}
