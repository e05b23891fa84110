namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>What a path of the Kubernetes API names (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Plural">The resource, such as <c>pods</c>.</param>
/// <param name="Namespace">The namespace; null where the path names none.</param>
/// <param name="Name">The object; null for the collection.</param>
/// <param name="Subresource">Such as <c>status</c>; null for the object itself.</param>
internal sealed record RestTarget(string Group, string Version, string Plural, string? Namespace, string? Name, string? Subresource)
{
    /// <summary>Reads the segments of a path; null where they name no resource.</summary>
    internal static RestTarget? Parse(string[] path) => path switch
    {
        ["api", var version, .. var rest] => Within("", version, rest),
        ["apis", var group, var version, .. var rest] => Within(group, version, rest),
        _ => null,
    };

    private static RestTarget? Within(string group, string version, string[] rest) => rest switch
    {
        // Namespaces are objects themselves: /namespaces/x is one, and /namespaces/x/status a part of it.
        ["namespaces", var name, "status" or "finalize"] => new(group, version, "namespaces", null, name, rest[2]),
        ["namespaces", var ns, var plural] => new(group, version, plural, ns, null, null),
        ["namespaces", var ns, var plural, var name] => new(group, version, plural, ns, name, null),
        ["namespaces", var ns, var plural, var name, ..] => new(group, version, plural, ns, name, string.Join('/', rest.Skip(4))),
        [var plural] => new(group, version, plural, null, null, null),
        [var plural, var name] => new(group, version, plural, null, name, null),
        [var plural, var name, ..] => new(group, version, plural, null, name, string.Join('/', rest.Skip(2))),
        _ => null,
    };
}
