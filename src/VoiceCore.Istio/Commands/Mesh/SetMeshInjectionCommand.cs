using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Set, "MeshInjection", SupportsShouldProcess = true, DefaultParameterSetName = RevisionSet)]
[OutputType(typeof(InjectionChange))]
public sealed class SetMeshInjectionCommand : KubernetesCmdlet
{
    private const string RevisionSet = "Revision";
    private const string EnabledSet = "Enabled";
    private const string DisabledSet = "Disabled";

    private readonly HashSet<string> _done = [];
    private KubernetesApi? _cluster;
    private MeshSnapshot? _snapshot;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = RevisionSet)]
    [Alias("Tag")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RevisionCompleter))]
    public string Revision { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = EnabledSet)]
    public SwitchParameter Enabled { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = DisabledSet)]
    public SwitchParameter Disabled { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 30;

    private InjectionChoice Choice => ParameterSetName switch
    {
        EnabledSet => InjectionChoice.Enabled,
        DisabledSet => InjectionChoice.Disabled,
        _ => InjectionChoice.OfRevision(Revision),
    };

    protected override void ProcessRecord()
    {
        if (!TryItem(ReadOnce))
            return;
        foreach (var name in Names(_snapshot!).Where(_done.Add))
        {
            if (Set(name) is { } change)
                WriteObject(change);
        }
    }

    // A cluster is read once, however many namespaces of it come through the pipeline; what is changed here changes nothing of that.
    private void ReadOnce()
    {
        if (ReferenceEquals(_cluster, Api))
            return;
        _cluster = null;
        _done.Clear();
        _snapshot = ReadCluster();
        _cluster = Api;
    }

    // ShouldProcess would tell, but with -Confirm it asks as well, and where nothing changes there is nothing to ask.
    private bool IsWhatIf => LanguagePrimitives.IsTrue(MyInvocation.BoundParameters.GetValueOrDefault("WhatIf") ?? GetVariableValue("WhatIfPreference"));

    private InjectionChange? Set(string name)
    {
        InjectionChange? change = null;
        if (!TryItem(() => change = Run((log, token) => Setter(log).PlanAsync(name, Choice, token))))
            return null;
        if (change!.Action == PlanAction.Update ? !ShouldProcess($"Namespace {name}", change.Summary) : IsWhatIf)
            return change;
        return TryItem(() => change = Run((log, token) => Setter(log).ApplyAsync(change!, token))) ? change : null;
    }

    private InjectionSetter Setter(Core.Activity.IActivityLog log) => new(_cluster!, _snapshot!, TimeSpan.FromSeconds(Timeout), log);

    // A wildcard means the namespaces that can be injected.
    private IEnumerable<string> Names(MeshSnapshot snapshot) => Namespace.SelectMany(pattern => WildcardPattern.ContainsWildcardCharacters(pattern)
        ? snapshot.Namespaces.Select(ns => ns.Name).Where(ns => IsLike(ns, [pattern]) && !InjectionResolver.IgnoredNamespaces.Contains(ns))
        : [pattern]);
}
