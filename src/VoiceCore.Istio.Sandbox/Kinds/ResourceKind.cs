namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>A kind of objects that the sandbox serves, in one API version. All versions of a kind share one collection of the store.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">The version, such as <c>v1</c>.</param>
/// <param name="Plural">The name in the path, such as <c>deployments</c>.</param>
/// <param name="Kind">The kind, such as <c>Deployment</c>.</param>
/// <param name="Namespaced">True where objects live in namespaces.</param>
public sealed record ResourceKind(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    /// <summary>Other names that tools may use, such as <c>deploy</c>.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Sets of kinds that tools may ask for at once, such as <c>istio-io</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>True where <c>status</c> is written through a subresource of its own.</summary>
    public bool HasStatus { get; init; }

    /// <summary>True where the kind has the subresource <c>scale</c>.</summary>
    public bool HasScale { get; init; }

    /// <summary>True where the kind comes from a CustomResourceDefinition.</summary>
    public bool IsCustom { get; init; }

    /// <summary>What fields objects have, and how lists and maps merge.</summary>
    public FieldSchema Schema { get; init; } = FieldSchema.Any;

    /// <summary>The version that objects are stored in.</summary>
    public string StorageVersion { get; init; } = Version;

    /// <summary><c>v1</c> or <c>group/version</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>deployments.apps</c>; the plural alone in the core group. As messages of the API name it.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Deployment.apps</c>; the kind alone in the core group. As messages of the API name it.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>The same collection, whatever the version.</summary>
    public bool IsSameAs(ResourceKind other) => Group == other.Group && Plural == other.Plural;
}
