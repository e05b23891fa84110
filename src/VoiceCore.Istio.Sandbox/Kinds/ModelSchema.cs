using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>
/// The fields of Kubernetes' own kinds, read from the classes of the Kubernetes client, which are made from Kubernetes' API
/// description. How lists merge, which the classes do not tell, is in <see cref="ListKeys"/>.
/// </summary>
internal static class ModelSchema
{
    private static readonly ConcurrentDictionary<Type, FieldSchema> Known = new();

    // x-kubernetes-map-type: atomic.
    private static readonly HashSet<Type> Atomic =
    [
        typeof(V1LabelSelector), typeof(V1NodeSelector), typeof(V1NodeSelectorTerm), typeof(V1ObjectReference), typeof(V1LocalObjectReference),
        typeof(V1TypedLocalObjectReference), typeof(V1OwnerReference), typeof(V1SecretReference), typeof(V1SecretKeySelector), typeof(V1ConfigMapKeySelector),
        typeof(V1ObjectFieldSelector), typeof(V1ResourceFieldSelector), typeof(V1ScopeSelector), typeof(V1RoleRef),
    ];

    /// <summary>The schema of a model class.</summary>
    internal static FieldSchema Of(Type type) => Known.GetOrAdd(type, Make);

    private static FieldSchema Make(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(DateTime) || type == typeof(byte[]))
            return new FieldSchema(FieldType.Text);
        if (type == typeof(int) || type == typeof(long))
            return new FieldSchema(FieldType.Integer);
        if (type == typeof(bool))
            return new FieldSchema(FieldType.Boolean);
        if (type == typeof(double))
            return new FieldSchema(FieldType.Number);
        if (type == typeof(IntOrString) || type == typeof(ResourceQuantity))
            return new FieldSchema(FieldType.IntegerOrText);
        if (Atomic.Contains(type))
            return ObjectOf(type) with { IsAtomic = true };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
            return new FieldSchema(FieldType.Map) { Items = () => Of(type.GetGenericArguments()[1]) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
            return new FieldSchema(FieldType.List) { Items = () => Of(type.GetGenericArguments()[0]) };
        return type.IsClass && type != typeof(object) && type.Namespace == typeof(V1Pod).Namespace ? ObjectOf(type) : FieldSchema.Any;
    }

    private static FieldSchema ObjectOf(Type type)
    {
        var fields = new Lazy<IReadOnlyDictionary<string, FieldSchema>>(() => FieldsOf(type));
        return new FieldSchema(FieldType.Object) { Fields = () => fields.Value };
    }

    private static Dictionary<string, FieldSchema> FieldsOf(Type type)
    {
        var fields = new Dictionary<string, FieldSchema>(StringComparer.Ordinal);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is { } name)
                fields[name] = ListKeys.Apply(type, name, Of(property.PropertyType));
        }

        return fields;
    }
}
