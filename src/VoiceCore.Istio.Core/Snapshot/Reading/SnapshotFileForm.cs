namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>The forms of files.</summary>
internal enum SnapshotFileForm
{
    /// <summary>Manifests.</summary>
    Yaml,

    /// <summary>Objects or lists of them.</summary>
    Json,

    /// <summary>A saved snapshot, or another packed file of JSON.</summary>
    Saved,
}
