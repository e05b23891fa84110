using System.Text;
using System.Text.Json;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot.Reading;
using VoiceCore.Istio.Core.Snapshot.Saved;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// Makes a <see cref="MeshSnapshot"/> out of whatever describes a mesh: folders and files of manifests, output of
/// <c>kubectl get -o yaml</c> and <c>-o json</c>, saved snapshots, pages of the API. Objects may come in any order; of an object that
/// comes twice the last one counts. Kinds that say nothing about the mesh are passed over, and so are Secrets.
/// </summary>
public sealed class MeshSnapshotReader
{
    /// <summary>The largest file that is read, in MB.</summary>
    public const int MaxFileMegabytes = 512;

    private static readonly string[] FilePatterns = ["*.yaml", "*.yml", "*.json"];
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = YamlToJson.MaxDepth + 8, CommentHandling = JsonCommentHandling.Skip };

    private readonly SnapshotObjects _objects;

    /// <summary>Makes a reader. Objects that name no namespace are in <paramref name="defaultNamespace"/>, as with kubectl.</summary>
    public MeshSnapshotReader(string defaultNamespace = "default")
    {
        _objects = new SnapshotObjects(defaultNamespace);
    }

    /// <summary>The snapshot of a folder or file. A saved snapshot keeps the source and the time that it was saved with.</summary>
    /// <exception cref="MeshException">The path does not exist, a file cannot be read, or nothing there says anything about a mesh (<c>SnapshotEmpty</c>).</exception>
    public static MeshSnapshot ReadPath(string path, string defaultNamespace = "default") =>
        Read(path, defaultNamespace, log: null, CancellationToken.None);

    /// <summary>The same, telling how far it is, and stopping between two files when asked to.</summary>
    /// <exception cref="MeshException">As above.</exception>
    public static MeshSnapshot ReadPath(string path, IActivityLog log, CancellationToken cancellationToken, string defaultNamespace = "default") =>
        Read(path, defaultNamespace, log, cancellationToken);

    private static MeshSnapshot Read(string path, string defaultNamespace, IActivityLog? log, CancellationToken cancellationToken)
    {
        var reader = new MeshSnapshotReader(defaultNamespace);
        reader.AddPath(path, log, cancellationToken);
        var snapshot = reader.Build();
        if (reader._objects.Header is not null)
            return snapshot;
        // A verdict about nothing would look like one that all is well.
        if (snapshot.Count == 0 && ReferenceEquals(snapshot.Mesh, MeshConfig.Default))
            throw SnapshotErrors.Empty(path);
        return snapshot with { Source = path };
    }

    /// <summary>Adds a file, or all YAML and JSON files of a folder and the folders in it.</summary>
    /// <exception cref="MeshException">The path does not exist or a file cannot be read.</exception>
    public void AddPath(string path) => AddPath(path, log: null, CancellationToken.None);

    private void AddPath(string path, IActivityLog? log, CancellationToken cancellationToken)
    {
        log?.Progress(SnapshotText.ReadActivity, Path.GetFileName(path));
        if (File.Exists(path))
            AddFile(path);
        else if (Directory.Exists(path))
            AddFolder(path, log, cancellationToken);
        else
            throw SnapshotErrors.PathNotFound(path);
    }

    private void AddFolder(string path, IActivityLog? log, CancellationToken cancellationToken)
    {
        var files = Files(path);
        for (var (index, told) = (0, 0); index < files.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (100 * index / files.Length is var percent && percent > told)
                log?.Progress(SnapshotText.ReadActivity, Path.GetRelativePath(path, files[index]), told = percent);
            AddFile(files[index]);
        }
    }

    // In the order that the names have with '/', on Windows too: of an object that comes twice the last one counts.
    private static string[] Files(string folder)
    {
        try
        {
            return FilePatterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
                .OrderBy(file => file.Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal).ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SnapshotErrors.FileUnreadable(folder, error);
        }
    }

    /// <summary>Adds the documents of a YAML text. <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="MeshException">The text is not YAML, exceeds a bound or holds an object that cannot be read.</exception>
    public void AddYaml(TextReader text, string source) => AddYaml(Encoding.UTF8.GetBytes(text.ReadToEnd()), source);

    /// <summary>Adds the documents of a YAML text in UTF-8. <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="MeshException">The text is not YAML, exceeds a bound or holds an object that cannot be read.</exception>
    public void AddYaml(ReadOnlyMemory<byte> utf8, string source)
    {
        var yaml = new YamlDocuments(utf8);
        try
        {
            while (yaml.Next(out var json))
                AddJson(json, source, apiVersion: null, kind: null);
        }
        catch (YamlException error)
        {
            throw SnapshotErrors.YamlInvalid(source, yaml.LinesBefore + error.Start.Line, error.Start.Column, error);
        }
    }

    /// <summary>
    /// Adds a JSON text: one object, a list, or several of them one after the other. The items of an API page name no kind:
    /// <paramref name="apiVersion"/> and <paramref name="kind"/> say it where the page does not.
    /// </summary>
    /// <exception cref="MeshException">The text is not JSON or holds an object that cannot be read.</exception>
    public void AddJson(ReadOnlyMemory<byte> utf8, string source, string? apiVersion = null, string? kind = null)
    {
        ReadJson(utf8, source, apiVersion, kind, keepsNamespaces: false);
    }

    // Reads up to the end, or up to the objects of namespaces in a saved snapshot where these are to be kept: they come back.
    private ReadOnlyMemory<byte> ReadJson(ReadOnlyMemory<byte> utf8, string source, string? apiVersion, string? kind, bool keepsNamespaces)
    {
        var rest = utf8.Span.TrimStart(Encoding.UTF8.Preamble);
        _objects.Begin();
        try
        {
            while (!rest.Trim(" \t\r\n"u8).IsEmpty)
            {
                var reader = new Utf8JsonReader(rest, isFinalBlock: true, new JsonReaderState(ReaderOptions));
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                    ReadObject(ref reader, rest, source, apiVersion, kind);
                else
                    reader.Skip();
                rest = rest[(int)reader.BytesConsumed..];
                if (keepsNamespaces && _objects is { Header: not null, Index: not null })
                    return utf8[^rest.TrimStart((byte)'\n').Length..];
            }

            return default;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // A text that is no UTF-8 is an InvalidOperationException, a list where a text belongs may be either.
            throw _objects.Header is null ? SnapshotErrors.JsonInvalid(source, error) : SnapshotErrors.Damaged(source, error);
        }
    }

    /// <summary>Sets the mesh config to what the given fields say, whatever else is added.</summary>
    public void SetMeshConfig(JsonElement fields) => _objects.SetMeshConfig(fields);

    /// <summary>Adds a CustomResourceDefinition of which only the metadata was asked for.</summary>
    internal void AddCustomResource(string name, string? bundleVersion) => _objects.AddCustomResource(name, bundleVersion);

    /// <summary>The snapshot of everything that was added.</summary>
    /// <exception cref="MeshException"><c>MeshConfigInvalid</c>: a field of the mesh config holds what it cannot hold.</exception>
    public MeshSnapshot Build() => _objects.Build();

    private void AddFile(string path)
    {
        var file = SnapshotFile.Read(path);
        switch (file.Form)
        {
            case SnapshotFileForm.Yaml:
                AddYaml(file.Text, path);
                break;
            case SnapshotFileForm.Json:
                AddJson(file.Text, path);
                break;
            default:
                AddSaved(file.Text, path);
                break;
        }
    }

    private void AddSaved(ReadOnlyMemory<byte> text, string path)
    {
        var namespaces = ReadJson(text, path, apiVersion: null, kind: null, keepsNamespaces: _objects.MayDefer);
        if (_objects.Index is { } index && !namespaces.IsEmpty)
            _objects.Add(SavedNamespaces.Find(index, namespaces, path));
        if (_objects.Header is { } header && header.Objects != _objects.Count)
            throw SnapshotErrors.Damaged(path, inner: null);
    }

    private void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string source, string? apiVersion, string? kind)
    {
        try
        {
            var head = ObjectHead.Peek(reader, _objects.Pool);
            (apiVersion, kind) = (head.ApiVersion ?? apiVersion, head.Kind ?? kind);
            if (head.IsList)
                ReadList(ref reader, text, source, apiVersion, kind?.EndsWith("List", StringComparison.Ordinal) == true ? kind[..^4] : kind);
            else
                _objects.Read(ref reader, text, source, apiVersion ?? "", kind ?? "");
        }
        catch (FormatException error)
        {
            throw SnapshotErrors.ObjectInvalid(source, kind ?? "an object", error);
        }
    }

    private void ReadList(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string source, string? apiVersion, string? kind)
    {
        while (reader.NextProperty())
        {
            if (!reader.ValueTextEquals("items"u8))
            {
                reader.Skip();
                continue;
            }

            if (!reader.EnterArray())
                continue;
            while (reader.NextObject())
                ReadObject(ref reader, text, source, apiVersion, kind is "" ? null : kind);
        }
    }
}
