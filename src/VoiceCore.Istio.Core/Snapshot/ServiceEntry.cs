using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A ServiceEntry.</summary>
public sealed record ServiceEntry : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public ServiceEntry()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal ServiceEntry(IstioObject common)
        : base(common)
    {
    }

    /// <summary>The hosts.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Virtual addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The ports.</summary>
    public IReadOnlyList<ServicePortRecord> Ports { get; init; } = [];

    /// <summary>True for <c>location: MESH_INTERNAL</c>; a ServiceEntry is external by default.</summary>
    public bool IsMeshInternal { get; init; }

    /// <summary><c>NONE</c>, <c>STATIC</c>, <c>DNS</c>, <c>DNS_ROUND_ROBIN</c> or <c>DYNAMIC_DNS</c>.</summary>
    public string Resolution { get; init; } = "NONE";

    /// <summary>Endpoints written in the entry itself.</summary>
    public IReadOnlyList<WorkloadAddress> Endpoints { get; init; } = [];

    /// <summary><c>workloadSelector.labels</c>; null where there is none.</summary>
    public LabelSet? WorkloadSelector { get; init; }

    /// <summary>True where istiod gave it addresses of its own: they stand in its status.</summary>
    public bool HasStatusAddresses { get; init; }

    /// <summary><c>exportTo</c> as written; empty means the mesh's default.</summary>
    public IReadOnlyList<string> ExportTo { get; init; } = [];
}

/// <summary>A WorkloadEntry.</summary>
public sealed record WorkloadEntry : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public WorkloadEntry()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal WorkloadEntry(IstioObject common)
        : base(common)
    {
    }

    /// <summary>Address, labels and ports.</summary>
    public required WorkloadAddress Workload { get; init; } = WorkloadAddress.None;
}

/// <summary>A workload that is not (or need not be) a pod.</summary>
/// <param name="Address">IP or name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Ports">Workload ports by the name of the service port.</param>
/// <param name="ServiceAccount">The service account; empty where not given.</param>
public sealed record WorkloadAddress(string Address, LabelSet Labels, IReadOnlyDictionary<string, int> Ports, string ServiceAccount)
{
    /// <summary>No workload.</summary>
    public static readonly WorkloadAddress None = new("", LabelSet.Empty, new Dictionary<string, int>(), "");

    /// <summary>Where it runs: <c>region/zone/subzone</c>; empty where not given.</summary>
    public string Locality { get; init; } = "";
}
