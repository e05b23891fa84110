using System.Collections;
using System.Reflection;
using System.Text;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>A mesh with every kind of object that a snapshot keeps, each property set in at least one of them.</summary>
internal static class EveryKind
{
    private static readonly Assembly Core = typeof(MeshSnapshot).Assembly;

    internal static string Yaml { get; } = File.ReadAllText(Path.Combine(Fixtures(), "mesh", "every-kind.yaml"));

    /// <summary>The documents of the fixture, to be put into another order.</summary>
    internal static IReadOnlyList<string> Documents { get; } = Yaml.ReplaceLineEndings("\n").Split("\n---\n");

    internal static MeshSnapshot Read() => Read(Yaml);

    internal static MeshSnapshot Read(string yaml) => MeshYaml.Read(yaml);

    /// <summary>What a saved file holds before it is compressed.</summary>
    internal static byte[] Bytes(MeshSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        MeshSnapshotWriter.Write(snapshot, stream);
        return stream.ToArray();
    }

    internal static string Lines(MeshSnapshot snapshot) => Encoding.UTF8.GetString(Bytes(snapshot));

    internal static MeshSnapshot Again(MeshSnapshot snapshot)
    {
        var reader = new MeshSnapshotReader();
        reader.AddJson(Bytes(snapshot), "test");
        return reader.Build();
    }

    /// <summary>The properties that have their default value in every record below <paramref name="root"/>.</summary>
    internal static IReadOnlyList<string> Unset(object root)
    {
        var set = new Dictionary<string, bool>();
        Look(root, set);
        return [.. set.Where(property => !property.Value).Select(property => property.Key).Order(StringComparer.Ordinal)];
    }

    private static void Look(object? value, Dictionary<string, bool> set)
    {
        if (value is null or string or LabelSet)
            return;
        if (value is IEnumerable items)
        {
            foreach (var item in items)
                Look(item, set);
            return;
        }

        if (value.GetType() is not { IsEnum: false } type || type.Assembly != Core)
            return;
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
        {
            var now = property.GetValue(value);
            var name = $"{(property.DeclaringType == typeof(MeshObject) || property.DeclaringType == typeof(IstioObject) ? "" : type.Name)}.{property.Name}";
            set[name] = set.GetValueOrDefault(name) || !IsDefault(property, now);
            Look(now, set);
        }
    }

    private static bool IsDefault(PropertyInfo property, object? value) => value switch
    {
        null or "" => true,
        LabelSet labels => labels.Count == 0,
        ICollection items => items.Count == 0,
        ReadOnlyMemory<byte> bytes => bytes.IsEmpty,
        // A flag or a choice that is so by default must be otherwise somewhere.
        _ when property.DeclaringType!.GetConstructor(Type.EmptyTypes) is { } constructor && !property.DeclaringType.IsAbstract && IsPlain(value) =>
            Equals(property.GetValue(constructor.Invoke(null)), value),
        _ => IsPlain(value) && value.GetType().IsValueType && Equals(Activator.CreateInstance(value.GetType()), value),
    };

    private static bool IsPlain(object value) => value is string or ValueType;

    private static string Fixtures()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "Fixtures");
    }
}
