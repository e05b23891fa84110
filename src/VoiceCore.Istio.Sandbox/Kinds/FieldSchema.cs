namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>The type of a field.</summary>
public enum FieldType
{
    /// <summary>Anything: its content is not checked, and it merges by what it is.</summary>
    Any,

    /// <summary>Named fields.</summary>
    Object,

    /// <summary>Free keys with values of one type.</summary>
    Map,

    /// <summary>A list.</summary>
    List,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number or a text, such as a port or a quantity.</summary>
    IntegerOrText,
}

/// <summary>How server-side apply merges a list (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).</summary>
public enum ListMerge
{
    /// <summary>One manager owns the whole list.</summary>
    Atomic,

    /// <summary>Items are owned by value.</summary>
    Set,

    /// <summary>Items are owned by their keys.</summary>
    Map,
}

/// <summary>What a field may hold, and how it merges.</summary>
/// <param name="Type">Its type.</param>
public sealed record FieldSchema(FieldType Type)
{
    /// <summary>Anything.</summary>
    public static readonly FieldSchema Any = new(FieldType.Any);

    /// <summary>The named fields of an object.</summary>
    public Func<IReadOnlyDictionary<string, FieldSchema>> Fields { get; init; } = () => new Dictionary<string, FieldSchema>();

    /// <summary>The type of a list's items or of a map's values. A function, because types may contain themselves.</summary>
    public Func<FieldSchema> Items { get; init; } = () => Any;

    /// <summary>How a list merges.</summary>
    public ListMerge Merge { get; init; } = ListMerge.Atomic;

    /// <summary>The keys that tell a list's items apart, and what counts where an item lacks the key (null: nothing).</summary>
    public IReadOnlyList<(string Name, string? Default)> Keys { get; init; } = [];

    /// <summary>True where one manager owns the whole object or map.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>True where an object may have fields that are not named.</summary>
    public bool AllowsUnknown { get; init; }

    /// <summary>The fields that an object must have.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The values that a text may have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
