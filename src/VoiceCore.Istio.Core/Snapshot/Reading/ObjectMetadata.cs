using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>What is read of an object's <c>metadata</c>.</summary>
internal sealed class ObjectMetadata
{
    private const string CanaryGroup = "flagger.app/";

    /// <summary>The metadata of an object that has none.</summary>
    internal static readonly ObjectMetadata None = new();

    internal string Name { get; private set; } = "";

    internal string Namespace { get; private set; } = "";

    internal DateTime Created { get; private set; }

    internal LabelSet Labels { get; private set; } = LabelSet.Empty;

    internal LabelSet Annotations { get; private set; } = LabelSet.Empty;

    internal string? Owner { get; private set; }

    /// <summary>The field managers, in the order in which the server lists them.</summary>
    internal IReadOnlyList<string> Managers { get; private set; } = [];

    /// <summary>
    /// The tools that say that the object is theirs, in their order: by <see cref="ManagingToolMarks"/> and by owners
    /// (<c>pkg/router/istio.go</c> of Flagger).
    /// </summary>
    internal IReadOnlyList<ManagingTool> Tools { get; private set; } = [];

    /// <summary>The object's namespace, or the given one where it names none.</summary>
    internal string NamespaceOr(string otherwise) => Namespace.Length == 0 ? otherwise : Namespace;

    /// <summary>
    /// True for an annotation of Istio, or one that Istio reads. Those of others may hold whole documents (kubectl's the whole object), and the settings of a proxy
    /// its environment variables.
    /// </summary>
    internal static bool IsKept(string annotation) =>
        annotation == IstioNames.IngressClass
        || (annotation.Contains("istio.io/", StringComparison.Ordinal) && !annotation.StartsWith("proxy.istio.io/", StringComparison.Ordinal));

    /// <summary>Reads the current property's value. Of annotations those are kept that <see cref="IsKept"/> says, and a part of the proxy's settings.</summary>
    internal static ObjectMetadata Read(ref Utf8JsonReader reader, StringPool pool)
    {
        var metadata = new ObjectMetadata();
        metadata.Read(ref reader, pool, ofIstio: false);
        return metadata;
    }

    /// <summary>The same of an object of Istio's API: also which tools it belongs to, with the annotations that say so, and nothing of a proxy's settings.</summary>
    internal static ObjectMetadata ReadOfIstio(ref Utf8JsonReader reader, StringPool pool)
    {
        var metadata = new ObjectMetadata();
        var isCanary = metadata.Read(ref reader, pool, ofIstio: true);
        var tools = ManagingToolMarks.Of(
            metadata.Managers.Contains, label => metadata.Labels[label] is not null, annotation => metadata.Annotations[annotation] is not null);
        metadata.Tools = isCanary ? tools.Append(ManagingTool.Flagger).Distinct().Order().ToArray() : tools;
        return metadata;
    }

    // True where a Canary of Flagger owns the object.
    private bool Read(ref Utf8JsonReader reader, StringPool pool, bool ofIstio)
    {
        var isCanary = false;
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("name"u8))
                Name = reader.NextText(pool) ?? "";
            else if (reader.ValueTextEquals("namespace"u8))
                Namespace = reader.NextText(pool) ?? "";
            else if (reader.ValueTextEquals("creationTimestamp"u8))
                Created = reader.NextTime();
            else if (reader.ValueTextEquals("labels"u8))
                Labels = reader.NextLabels(pool);
            else if (reader.ValueTextEquals("annotations"u8))
                Annotations = ofIstio ? reader.NextLabels(pool, IsKeptOfIstio) : reader.NextLabels(pool, IsKept, ProxySettings.Annotation, ProxySettings.Kept);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                isCanary = ReadOwner(ref reader, pool);
            else if (ofIstio && reader.ValueTextEquals("managedFields"u8))
                Managers = ReadManagers(ref reader, pool);
            else
                reader.Skip();
        }

        return isCanary;
    }

    private static bool IsKeptOfIstio(string annotation) => IsKept(annotation) || ManagingToolMarks.IsAnnotation(annotation);

    private bool ReadOwner(ref Utf8JsonReader reader, StringPool pool)
    {
        var isCanary = false;
        if (!reader.EnterArray())
            return isCanary;
        while (reader.NextObject())
        {
            // A saved snapshot has no version of a Canary.
            var (apiVersion, kind, name, controls) = (CanaryGroup, "", "", false);
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("apiVersion"u8))
                    apiVersion = reader.NextText(pool) ?? CanaryGroup;
                else if (reader.ValueTextEquals("kind"u8))
                    kind = reader.NextText(pool);
                else if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool);
                else if (reader.ValueTextEquals("controller"u8))
                    controls = reader.NextFlag();
                else
                    reader.Skip();
            }

            if (controls)
                Owner = pool.Get($"{kind}/{name}");
            isCanary |= kind == "Canary" && apiVersion.StartsWith(CanaryGroup, StringComparison.Ordinal);
        }

        return isCanary;
    }

    private static string[] ReadManagers(ref Utf8JsonReader reader, StringPool pool)
    {
        var managers = new List<string>();
        if (!reader.EnterArray())
            return [];
        while (reader.NextObject())
        {
            while (reader.NextProperty())
            {
                if (!reader.ValueTextEquals("manager"u8))
                    reader.Skip();
                else if (reader.NextText(pool) is { Length: > 0 } manager && !managers.Contains(manager))
                    managers.Add(manager);
            }
        }

        return managers.ToArray();
    }
}
