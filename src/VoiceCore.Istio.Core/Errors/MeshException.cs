using System.Globalization;
using System.Resources;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>
/// A failure that a person can act on: a stable id, a category, the object that failed, what happened and what to do about it.
/// Each area keeps its texts in a resource file <c>Errors/&lt;Area&gt;Text.resx</c>; the id of an error is the name of its text,
/// and the advice is the text of the same name with <c>Action</c> behind it.
/// </summary>
public sealed class MeshException : Exception
{
    /// <summary>Makes an error. <paramref name="message"/> says what happened, <paramref name="recommendedAction"/> what to do.</summary>
    public MeshException(
        string id,
        MeshErrorCategory category,
        object? target,
        string message,
        string? recommendedAction = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Id = id;
        Category = category;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The stable id, one PascalCase word, such as <c>ClusterUnreachable</c>.</summary>
    public string Id { get; }

    /// <summary>The category, mapped to PowerShell's of the same name.</summary>
    public MeshErrorCategory Category { get; }

    /// <summary>The object that failed: a name, a path, a reference. Never a secret.</summary>
    public object? Target { get; }

    /// <summary>What to do about it, one or two sentences.</summary>
    public string? RecommendedAction { get; }

    /// <summary>
    /// Makes an error from the texts of an area, such as <c>KubernetesText.ResourceManager</c>: <paramref name="id"/> names the message,
    /// and the id with <c>Action</c> behind it the advice. <paramref name="arguments"/> fill the places of both.
    /// </summary>
    public static MeshException FromText(
        ResourceManager texts,
        string id,
        MeshErrorCategory category,
        object? target,
        Exception? innerException,
        params object?[] arguments)
    {
        var message = texts.GetString(id, CultureInfo.InvariantCulture) ?? throw new ArgumentException($"No text for '{id}'.", nameof(id));
        var action = texts.GetString(id + "Action", CultureInfo.InvariantCulture);
        return new(id, category, target, Format(message, arguments), action is null ? null : Format(action, arguments).TrimEnd(), innerException);
    }

    /// <summary>Fills <c>{0}</c>-style places of a resource text, independent of the machine's culture.</summary>
    public static string Format(string text, params object?[] arguments) => string.Format(CultureInfo.InvariantCulture, text, arguments);

    /// <summary>Text of others as the end of one of our sentences: one line, with a full stop.</summary>
    internal static string Sentence(string text)
    {
        var line = string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return line.EndsWith('.') ? line : line + ".";
    }
}
