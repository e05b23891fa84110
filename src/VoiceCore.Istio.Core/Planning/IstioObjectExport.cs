using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Writes every object of Istio's kinds to files, one for each kind, in a form that can be applied again. What an earlier run wrote of
/// objects that are gone stays in the files: that run may have removed them before it was broken off.
/// </summary>
internal static class IstioObjectExport
{
    private static readonly string[] OfTheServer = ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"];

    /// <summary>Whether a custom resource definition is one of Istio's.</summary>
    internal static bool IsIstios(KubernetesObject crd) => ((string?)crd.Json["spec"]?["group"])?.EndsWith(".istio.io", StringComparison.Ordinal) == true;

    /// <summary>Writes the objects of the kinds; returns the number of objects.</summary>
    /// <exception cref="MeshException"><c>FileNotWritten</c>, <c>ExportUnreadable</c>, or what reading the objects came to.</exception>
    internal static async Task<int> WriteAsync(KubernetesApi api, IEnumerable<KubernetesObject> crds, string folder, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var crd in crds)
        {
            var group = (string?)crd.Json["spec"]?["group"] ?? "";
            var kind = (string?)crd.Json["spec"]?["names"]?["kind"] ?? "";
            if (await api.FindResourceAsync(group, kind, version: null, cancellationToken) is not { } resource)
                continue;
            var text = new StringBuilder();
            var live = new HashSet<ObjectReference>();
            await foreach (var item in api.ListAsync(resource, null, ListOptions.All, cancellationToken))
            {
                Append(text, Clean(item));
                live.Add(item.Reference);
            }

            count += live.Count;
            if (live.Count == 0)
                continue;
            var path = Path.Combine(folder, $"{crd.Name}.yaml");
            foreach (var gone in Earlier(path).Where(item => !live.Contains(item.Reference)))
                Append(text, gone.Json);
            TextFile.Write(path, text.ToString());
        }

        return count;
    }

    private static void Append(StringBuilder text, JsonObject item) => text.Append("---\n").Append(YamlWriter.Write(item));

    private static IReadOnlyList<KubernetesObject> Earlier(string path)
    {
        try
        {
            return TextFile.ReadIfExists(path) is { } text ? ManifestDocuments.Read(text) : [];
        }
        catch (MeshException error) when (error.InnerException is { } cause)
        {
            throw PlanningErrors.ExportUnreadable(path, cause);
        }
    }

    private static JsonObject Clean(KubernetesObject item)
    {
        var json = item.Clone().Json;
        json.Remove("status");
        foreach (var key in OfTheServer)
            (json["metadata"] as JsonObject)?.Remove(key);
        return json;
    }
}
