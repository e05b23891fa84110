using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>
/// A set of field paths as <c>managedFields</c> holds it (FieldsV1): a tree whose keys are path elements and whose nodes say whether
/// they are in the set themselves.
/// </summary>
internal sealed class FieldSet
{
    private const string Self = ".";

    /// <summary>Whether the path up to here is in the set.</summary>
    internal bool IsMember { get; private set; }

    /// <summary>What lies below, by path element.</summary>
    internal SortedDictionary<string, FieldSet> Children { get; } = new(StringComparer.Ordinal);

    internal bool IsEmpty => !IsMember && Children.Count == 0;

    internal static FieldSet FromJson(JsonObject json)
    {
        var set = new FieldSet { IsMember = json.Count == 0 || json.ContainsKey(Self) };
        foreach (var (element, below) in json)
        {
            if (element != Self)
                set.Children[element] = FromJson(below as JsonObject ?? []);
        }

        return set;
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && Children.Count > 0)
            json[Self] = new JsonObject();
        foreach (var (element, below) in Children)
            json[element] = below.ToJson();
        return json;
    }

    internal FieldSet? Child(string element) => Children.GetValueOrDefault(element);

    /// <summary>Adds a path.</summary>
    internal void Insert(IEnumerable<string> path)
    {
        var node = this;
        foreach (var element in path)
        {
            if (!node.Children.TryGetValue(element, out var below))
                node.Children[element] = below = new FieldSet();
            node = below;
        }

        node.IsMember = true;
    }

    internal FieldSet Union(FieldSet other) =>
        Combine(other, (mine, theirs) => mine || theirs, Children.Keys.Union(other.Children.Keys), (mine, theirs) => mine is null ? theirs! : theirs is null ? mine : mine.Union(theirs));

    /// <summary>The paths of this set that are not in the other.</summary>
    internal FieldSet Except(FieldSet other) =>
        Combine(other, (mine, theirs) => mine && !theirs, Children.Keys, (mine, theirs) => theirs is null ? mine! : mine!.Except(theirs));

    /// <summary>The paths that are in both sets.</summary>
    internal FieldSet Intersect(FieldSet other) =>
        Combine(other, (mine, theirs) => mine && theirs, Children.Keys.Intersect(other.Children.Keys), (mine, theirs) => mine!.Intersect(theirs!));

    /// <summary>The set without what lies at and below a path.</summary>
    internal FieldSet Without(params string[] path)
    {
        if (Child(path[0]) is not { } below)
            return this;
        var copy = new FieldSet { IsMember = IsMember };
        foreach (var (element, child) in Children)
            copy.Children[element] = child;
        var rest = path.Length == 1 ? new FieldSet() : below.Without(path[1..]);
        if (rest.IsEmpty)
            copy.Children.Remove(path[0]);
        else
            copy.Children[path[0]] = rest;
        return copy;
    }

    /// <summary>The paths in the set, in the API server's way to write them: <c>.spec.containers[name="app"].image</c>.</summary>
    internal IEnumerable<string> Paths() => Paths("");

    internal bool SameAs(FieldSet other) =>
        IsMember == other.IsMember
        && Children.Count == other.Children.Count
        && Children.All(child => other.Child(child.Key) is { } theirs && child.Value.SameAs(theirs));

    private IEnumerable<string> Paths(string before)
    {
        if (IsMember && before.Length > 0)
            yield return before;
        foreach (var (element, below) in Children)
        {
            foreach (var path in below.Paths(before + PathElement.Text(element)))
                yield return path;
        }
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> member, IEnumerable<string> elements, Func<FieldSet?, FieldSet?, FieldSet> below)
    {
        var result = new FieldSet { IsMember = member(IsMember, other.IsMember) };
        foreach (var element in elements)
        {
            var child = below(Child(element), other.Child(element));
            if (!child.IsEmpty)
                result.Children[element] = child;
        }

        return result;
    }
}
