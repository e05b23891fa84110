using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>What is read of an object's <c>metadata</c>.</summary>
internal sealed class ObjectMetadata
{
    /// <summary>The metadata of an object that has none.</summary>
    internal static readonly ObjectMetadata None = new();

    internal string Name { get; private set; } = "";

    internal string Namespace { get; private set; } = "";

    internal DateTime Created { get; private set; }

    internal LabelSet Labels { get; private set; } = LabelSet.Empty;

    internal LabelSet Annotations { get; private set; } = LabelSet.Empty;

    internal string? Owner { get; private set; }

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
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("name"u8))
                metadata.Name = reader.NextText(pool) ?? "";
            else if (reader.ValueTextEquals("namespace"u8))
                metadata.Namespace = reader.NextText(pool) ?? "";
            else if (reader.ValueTextEquals("creationTimestamp"u8))
                metadata.Created = reader.NextTime();
            else if (reader.ValueTextEquals("labels"u8))
                metadata.Labels = reader.NextLabels(pool);
            else if (reader.ValueTextEquals("annotations"u8))
                metadata.Annotations = reader.NextLabels(pool, IsKept, ProxySettings.Annotation, ProxySettings.Kept);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                metadata.Owner = ReadOwner(ref reader, pool);
            else
                reader.Skip();
        }

        return metadata;
    }

    private static string? ReadOwner(ref Utf8JsonReader reader, StringPool pool)
    {
        var owner = default(string);
        if (!reader.EnterArray())
            return owner;
        while (reader.NextObject())
        {
            var (kind, name, controls) = ("", "", false);
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("kind"u8))
                    kind = reader.NextText(pool);
                else if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool);
                else if (reader.ValueTextEquals("controller"u8))
                    controls = reader.NextFlag();
                else
                    reader.Skip();
            }

            if (controls)
                owner = pool.Get($"{kind}/{name}");
        }

        return owner;
    }
}
