using System.Globalization;
using System.Text.Json;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>The first line of a saved snapshot.</summary>
/// <param name="Source">Where the mesh was read from.</param>
/// <param name="Taken">When it was read; null where that was not said.</param>
/// <param name="IsComplete">True for the whole of a cluster.</param>
/// <param name="ClusterDomain">The cluster's DNS domain.</param>
/// <param name="Objects">How many objects follow. A file with fewer was cut off.</param>
internal sealed record SavedHeader(string Source, DateTime? Taken, bool IsComplete, string ClusterDomain, int Objects)
{
    internal const string Group = "mesh.voicecore.io";
    internal const string Kind = "MeshSnapshot";

    internal const string ApiVersion = Group + "/v1";

    internal static SavedHeader Of(MeshSnapshot snapshot) => new(snapshot.Source, snapshot.Taken, snapshot.IsComplete, snapshot.ClusterDomain, OwnObjects + snapshot.Count);

    // The mesh config, and what is said of the namespaces.
    private const int OwnObjects = 2;

    /// <exception cref="FormatException">A field holds what it cannot hold.</exception>
    /// <exception cref="MeshException"><c>SnapshotVersionUnknown</c>.</exception>
    internal static SavedHeader Read(JsonTree json, string apiVersion, string file)
    {
        if (apiVersion != ApiVersion)
            throw SnapshotErrors.VersionUnknown(file, apiVersion, ApiVersion);
        return new SavedHeader(
            json.Text("source", ""),
            json.Text("taken") is { } taken ? JsonTokens.ParseTime(taken) : null,
            json.Flag("complete"),
            json.Text("clusterDomain", MeshSnapshot.Empty.ClusterDomain),
            json.Number("objects"));
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, ApiVersion);
        json.WriteString("kind"u8, Kind);
        json.WriteString("source"u8, Source);
        if (Taken is { } taken)
            json.WriteString("taken"u8, taken.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.Flag("complete", IsComplete);
        json.WriteString("clusterDomain"u8, ClusterDomain);
        json.WriteNumber("objects"u8, Objects);
        json.WriteEndObject();
    }
}
