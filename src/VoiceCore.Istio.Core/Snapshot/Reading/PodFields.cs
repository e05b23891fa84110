namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>What is read of a pod's spec and status.</summary>
internal struct PodFields
{
    internal string? ServiceAccount;
    internal string? Node;
    internal bool HostNetwork;
    internal long? RunAsUser;
    internal string? IP;
    internal string? Phase;
    internal bool Ready;
    internal List<ContainerRecord> Containers;

    /// <summary>Where known settings of the environment go; null where they are not wanted.</summary>
    internal List<KeyValuePair<string, string>>? Settings;
}
