namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Why a policy holds or does not.</summary>
public enum PolicyCause
{
    /// <summary>It holds.</summary>
    Applies,

    /// <summary>It holds in part: it was merged with an older one and adds to it.</summary>
    Merged,

    /// <summary>The client (or the server's pod) has no sidecar: nobody carries a policy out.</summary>
    NoSidecar,

    /// <summary>The client's proxy does not know the service or the port: a Sidecar leaves it out, or it is not exported to the client.</summary>
    ServiceHidden,

    /// <summary>It was meant for the service, but its host is taken for another one, which no service has.</summary>
    HostDiffers,

    /// <summary>It lies in a namespace that does not count here.</summary>
    OtherNamespace,

    /// <summary>Its <c>exportTo</c> leaves the client's namespace out.</summary>
    NotExported,

    /// <summary>The client's Sidecar does not import it.</summary>
    NotImported,

    /// <summary>Its selector is for other workloads.</summary>
    SelectorDiffers,

    /// <summary>One in a closer namespace goes first.</summary>
    CloserNamespace,

    /// <summary>One for a closer host goes first.</summary>
    CloserHost,

    /// <summary>One that selects the workload goes first.</summary>
    CloserSelector,

    /// <summary>An older one of the same level or host goes first.</summary>
    OlderGoesFirst,

    /// <summary>A newer one of the same host goes first, which is the case where <c>exportTo</c> keeps rules from being merged.</summary>
    NewerGoesFirst,

    /// <summary>It says nothing here: no mode, no route for the port.</summary>
    SaysNothing,

    /// <summary>It is a dry run: evaluated and not enforced.</summary>
    DryRun,

    /// <summary>Istio takes no notice of it here, whatever it says.</summary>
    Ignored,
}
