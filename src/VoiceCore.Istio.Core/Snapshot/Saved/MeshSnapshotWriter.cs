using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// Writes a snapshot as lines of JSON (UTF-8): the <see cref="SavedHeader"/> on the first, and on each further line one object as Kubernetes
/// knows it, with the fields that a snapshot keeps and no others; EndpointSlices and pods come last, behind a line that counts those of each namespace
/// (<see cref="SavedNamespace"/>). The same mesh gives the same bytes, whatever order it was read in.
/// Environment variables, volumes, annotations of others, Secrets and keys are not in it: see <see cref="IstioObjectWriter"/> for what is
/// left out of Istio's objects.
/// </summary>
public static class MeshSnapshotWriter
{
    private const int FlushBytes = 128 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        // Nobody puts these lines into a web page, and what needs no unescaping is read faster.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
        SkipValidation = true,
    };

    /// <summary>Writes the snapshot, one object after the other: memory does not grow with the mesh.</summary>
    public static void Write(MeshSnapshot snapshot, Stream stream)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushBytes * 2);
        using var json = new Utf8JsonWriter(buffer, Options);

        SavedHeader.Of(snapshot).Write(json);
        End();
        All(snapshot.Namespaces, KubernetesObjectWriter.Write);
        ConfigMapWriter.Write(json, snapshot.Mesh);
        End();
        All(snapshot.Services, KubernetesObjectWriter.Write);
        All(snapshot.Deployments, PodWriter.Write);
        All(snapshot.Injectors, ConfigMapWriter.Write);
        All(snapshot.PeerAuthentications, IstioObjectWriter.Write);
        All(snapshot.RequestAuthentications, IstioObjectWriter.Write);
        All(snapshot.AuthorizationPolicies, IstioObjectWriter.Write);
        All(snapshot.DestinationRules, IstioObjectWriter.Write);
        All(snapshot.VirtualServices, IstioObjectWriter.Write);
        All(snapshot.Sidecars, IstioObjectWriter.Write);
        All(snapshot.ServiceEntries, IstioObjectWriter.Write);
        All(snapshot.WorkloadEntries, IstioObjectWriter.Write);
        All(snapshot.Gateways, IstioObjectWriter.Write);
        All(snapshot.OtherIstioObjects, IstioObjectWriter.Write);
        All(snapshot.GatewayApiObjects, IstioObjectWriter.Write);
        All(snapshot.TrafficControllers, TrafficControllerWriter.Write);
        All(snapshot.Webhooks, WebhookWriter.Write);
        All(snapshot.CustomResources, KubernetesObjectWriter.Write);

        // Most of a large mesh comes last: it is read by namespace, and only what is asked for.
        var slices = NamespacedList<EndpointSliceRecord>.Of(snapshot.EndpointSlices);
        var pods = NamespacedList<PodRecord>.Of(snapshot.Pods);
        var namespaces = slices.Namespaces.Union(pods.Namespaces, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        SavedNamespace.WriteAll(json, namespaces.Select(name => SavedNamespace.Of(name, slices.In(name), pods.In(name))));
        End();
        foreach (var name in namespaces)
        {
            All(slices.In(name), KubernetesObjectWriter.Write);
            All(pods.In(name), PodWriter.Write);
        }

        stream.Write(buffer.WrittenSpan);

        void All<T>(IReadOnlyList<T> objects, Action<Utf8JsonWriter, T> write)
        {
            foreach (var item in objects)
            {
                write(json, item);
                End();
            }
        }

        void End()
        {
            json.Flush();
            json.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount < FlushBytes)
                return;
            stream.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }
}
