namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Where resources and objects lie in the API (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).</summary>
internal static class ObjectPath
{
    /// <summary>The collection; a null namespace means all.</summary>
    internal static string Collection(ApiResource resource, string? @namespace)
    {
        var root = resource.Group.Length == 0 ? $"api/{resource.Version}" : $"apis/{resource.Group}/{resource.Version}";
        return resource.Namespaced && @namespace is not null
            ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{resource.Plural}"
            : $"{root}/{resource.Plural}";
    }

    /// <summary>One object.</summary>
    internal static string Object(ApiResource resource, string? @namespace, string name) =>
        $"{Collection(resource, @namespace)}/{Uri.EscapeDataString(name)}";
}
