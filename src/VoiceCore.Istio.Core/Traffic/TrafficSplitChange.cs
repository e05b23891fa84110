using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>What changing a split does, or did, to a VirtualService.</summary>
public sealed record TrafficSplitChange
{
    internal TrafficSplitChange(TrafficSplitRequest request, KubernetesObject wanted)
    {
        Request = request;
        Wanted = wanted;
    }

    /// <summary>Create, Update or Unchanged.</summary>
    public PlanAction Action { get; init; }

    /// <summary>The VirtualService's namespace.</summary>
    public string Namespace => Object.Namespace!;

    /// <summary>The VirtualService's name.</summary>
    public string VirtualService => Object.Name;

    /// <summary>The service as it was asked for.</summary>
    public string Service => Request.Service;

    /// <summary>How its routes split requests before.</summary>
    public IReadOnlyList<MeshTrafficSplit> Before { get; init; } = [];

    /// <summary>How its routes split requests afterwards.</summary>
    public IReadOnlyList<MeshTrafficSplit> After { get; init; } = [];

    /// <summary>Whether it was done: false in a plan, and where nothing had to be done.</summary>
    public bool Applied { get; init; }

    /// <summary>In one line, such as <c>Split requests for tenant: v1 90%, v2 10%</c>.</summary>
    public string Summary => MeshException.Format(TrafficText.Summary, Service, string.Join("; ", After));

    internal ObjectReference Object => Wanted.Reference;

    internal TrafficSplitRequest Request { get; }

    /// <summary>The VirtualService as it is to be, with the version that it was read in.</summary>
    internal KubernetesObject Wanted { get; }
}
