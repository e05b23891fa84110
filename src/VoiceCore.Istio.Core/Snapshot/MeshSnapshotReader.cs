using System.Buffers.Binary;
using System.IO.Compression;
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

    private readonly string _defaultNamespace;
    private readonly StringPool _pool = new();
    private readonly MeshConfigSources _mesh = new();
    private readonly List<NamespaceRecord> _namespaces = [];
    private readonly List<ServiceRecord> _services = [];
    private readonly List<EndpointSliceRecord> _slices = [];
    private readonly List<PodRecord> _pods = [];
    private readonly List<DeploymentRecord> _deployments = [];
    private readonly List<InjectorRecord> _injectors = [];
    private readonly List<IstioObject> _istioObjects = [];
    private readonly List<IstioObject> _gatewayApiObjects = [];
    private readonly List<WebhookConfiguration> _webhooks = [];
    private readonly List<CustomResourceRecord> _customResources = [];
    private readonly List<TrafficController> _trafficControllers = [];
    private SavedHeader? _header;
    private IReadOnlyList<SavedNamespace>? _index;
    private SavedNamespaces? _saved;
    private int _objects;

    /// <summary>Makes a reader. Objects that name no namespace are in <paramref name="defaultNamespace"/>, as with kubectl.</summary>
    public MeshSnapshotReader(string defaultNamespace = "default")
    {
        _defaultNamespace = defaultNamespace;
    }

    /// <summary>The snapshot of a folder or file. A saved snapshot keeps the source and the time that it was saved with.</summary>
    /// <exception cref="MeshException">The path does not exist, a file cannot be read, or nothing there says anything about a mesh (<c>SnapshotEmpty</c>).</exception>
    public static MeshSnapshot ReadPath(string path, string defaultNamespace = "default") =>
        ReadPath(path, SilentActivityLog.Instance, CancellationToken.None, defaultNamespace);

    /// <summary>The same, telling how far it is, and stopping between two files when asked to.</summary>
    /// <exception cref="MeshException">As above.</exception>
    public static MeshSnapshot ReadPath(string path, IActivityLog log, CancellationToken cancellationToken, string defaultNamespace = "default")
    {
        var reader = new MeshSnapshotReader(defaultNamespace);
        reader.AddPath(path, log, cancellationToken);
        var snapshot = reader.Build();
        if (reader._header is not null)
            return snapshot;
        // A verdict about nothing would look like one that all is well.
        if (snapshot.Count == 0 && ReferenceEquals(snapshot.Mesh, MeshConfig.Default))
            throw SnapshotErrors.Empty(path);
        return snapshot with { Source = path };
    }

    /// <summary>Adds a file, or all YAML and JSON files of a folder and the folders in it.</summary>
    /// <exception cref="MeshException">The path does not exist or a file cannot be read.</exception>
    public void AddPath(string path) => AddPath(path, SilentActivityLog.Instance, CancellationToken.None);

    private void AddPath(string path, IActivityLog log, CancellationToken cancellationToken)
    {
        log.Progress(SnapshotText.ReadActivity, Path.GetFileName(path));
        if (File.Exists(path))
        {
            AddFile(path);
            return;
        }

        if (!Directory.Exists(path))
            throw SnapshotErrors.PathNotFound(path);
        var files = FilePatterns.SelectMany(pattern => Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();
        for (var (index, told) = (0, 0); index < files.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (100 * index / files.Length is var percent && percent > told)
                log.Progress(SnapshotText.ReadActivity, Path.GetRelativePath(path, files[index]), told = percent);
            AddFile(files[index]);
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
        _index = null;
        try
        {
            while (!rest.Trim(" \t\r\n"u8).IsEmpty)
            {
                var reader = new Utf8JsonReader(rest, isFinalBlock: true, new JsonReaderState(ReaderOptions));
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                    ReadObject(ref reader, source, apiVersion, kind);
                else
                    reader.Skip();
                rest = rest[(int)reader.BytesConsumed..];
                if (keepsNamespaces && _header is not null && _index is not null)
                    return utf8[^rest.TrimStart((byte)'\n').Length..];
            }

            return default;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // A text that is no UTF-8 is an InvalidOperationException, a list where a text belongs may be either.
            throw _header is null ? SnapshotErrors.JsonInvalid(source, error) : SnapshotErrors.Damaged(source, error);
        }
    }

    /// <summary>Sets the mesh config to what the given fields say, whatever else is added.</summary>
    public void SetMeshConfig(JsonElement fields) => _mesh.Set(fields);

    /// <summary>Adds a CustomResourceDefinition of which only the metadata was asked for.</summary>
    internal void AddCustomResource(string name, string? bundleVersion)
    {
        if (CustomResourceRecord.IsKept(name))
            _customResources.Add(new CustomResourceRecord { Namespace = "", Name = _pool.Get(name), BundleVersion = _pool.Get(bundleVersion ?? "") });
    }

    /// <summary>The snapshot of everything that was added.</summary>
    /// <exception cref="MeshException"><c>MeshConfigInvalid</c>: a field of the mesh config holds what it cannot hold.</exception>
    public MeshSnapshot Build()
    {
        var istio = Sorted(_istioObjects, static (left, right) => string.CompareOrdinal(left.Kind, right.Kind));
        return new MeshSnapshot
        {
            Source = _header?.Source ?? "",
            Taken = _header?.Taken,
            IsComplete = _header?.IsComplete ?? false,
            ClusterDomain = _header?.ClusterDomain ?? MeshSnapshot.Empty.ClusterDomain,
            Mesh = _mesh.Choose(_pool),
            Namespaces = Sorted(_namespaces),
            Services = Sorted(_services),
            EndpointSlices = _saved?.EndpointSlices ?? (IReadOnlyList<EndpointSliceRecord>)Sorted(_slices),
            Pods = _saved?.Pods ?? (IReadOnlyList<PodRecord>)Sorted(_pods),
            Deployments = Sorted(_deployments),
            Injectors = Sorted(_injectors),
            PeerAuthentications = istio.OfType<PeerAuthentication>().ToArray(),
            RequestAuthentications = istio.OfType<RequestAuthentication>().ToArray(),
            AuthorizationPolicies = istio.OfType<AuthorizationPolicy>().ToArray(),
            DestinationRules = istio.OfType<DestinationRule>().ToArray(),
            VirtualServices = istio.OfType<VirtualService>().ToArray(),
            Sidecars = istio.OfType<Sidecar>().ToArray(),
            ServiceEntries = istio.OfType<ServiceEntry>().ToArray(),
            WorkloadEntries = istio.OfType<WorkloadEntry>().ToArray(),
            Gateways = istio.OfType<GatewayRecord>().ToArray(),
            OtherIstioObjects = istio.Where(other => other.GetType() == typeof(IstioObject)).ToArray(),
            GatewayApiObjects = Sorted(_gatewayApiObjects, static (left, right) => string.CompareOrdinal(left.Kind, right.Kind)),
            TrafficControllers = Sorted(_trafficControllers, static (left, right) => left.Tool.CompareTo(right.Tool)),
            Webhooks = Sorted(_webhooks, static (left, right) => left.IsMutating.CompareTo(right.IsMutating)),
            CustomResources = Sorted(_customResources),
        };
    }

    private void AddFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileMegabytes * 1024L * 1024)
                throw SnapshotErrors.FileTooLarge(path, MaxFileMegabytes);
            var content = File.ReadAllBytes(path);
            if (content is [0x1F, 0x8B, ..])
            {
                _objects = 0;
                var namespaces = ReadJson(Decompress(content, path), path, apiVersion: null, kind: null, keepsNamespaces: _pods.Count + _slices.Count == 0 && _saved is null);
                if (_index is { } index && !namespaces.IsEmpty)
                {
                    _saved = SavedNamespaces.Find(index, namespaces, path);
                    _objects += _saved.Count;
                }

                if (_header is not null && _header.Objects != _objects)
                    throw SnapshotErrors.Damaged(path, inner: null);
            }
            else if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                AddJson(Utf8(content), path);
            }
            else
            {
                AddYaml(Utf8(content), path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw SnapshotErrors.FileUnreadable(path, error);
        }
    }

    // Windows PowerShell redirects to files in UTF-16.
    private static byte[] Utf8(byte[] text) => text switch
    {
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(text, 2, text.Length - 2)),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(text, 2, text.Length - 2)),
        _ => text,
    };

    private static ReadOnlyMemory<byte> Decompress(byte[] compressed, string path)
    {
        const int MaxBytes = MaxFileMegabytes * 1024 * 1024;
        const long LargestRatio = 1032;
        using var content = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        // The length stands at the end. What is said there need not be true: it is only where the buffer begins.
        var expected = compressed.Length < 18 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(compressed.AsSpan(compressed.Length - 4));
        var buffer = new byte[Math.Min(expected, Math.Min(MaxBytes, compressed.Length * LargestRatio)) + 1];
        var length = 0;
        for (int read; (read = content.Read(buffer, length, buffer.Length - length)) > 0;)
        {
            length += read;
            if (length > MaxBytes)
                throw SnapshotErrors.FileTooLarge(path, MaxFileMegabytes);
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return buffer.AsMemory(0, length);
    }

    private void ReadObject(ref Utf8JsonReader reader, string source, string? apiVersion, string? kind)
    {
        try
        {
            var head = ObjectHead.Peek(reader, _pool);
            (apiVersion, kind) = (head.ApiVersion ?? apiVersion, head.Kind ?? kind);
            if (head.IsList)
                ReadList(ref reader, source, apiVersion, kind?.EndsWith("List", StringComparison.Ordinal) == true ? kind[..^4] : kind);
            else
                ReadKnown(ref reader, source, apiVersion ?? "", kind ?? "");
        }
        catch (FormatException error)
        {
            throw SnapshotErrors.ObjectInvalid(source, kind ?? "an object", error);
        }
    }

    private void ReadList(ref Utf8JsonReader reader, string source, string? apiVersion, string? kind)
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
                ReadObject(ref reader, source, apiVersion, kind is "" ? null : kind);
        }
    }

    // What comes beside objects that are still to be read may be one of them.
    private void ReadSaved()
    {
        if (_saved is not { } saved)
            return;
        _slices.AddRange(saved.EndpointSlices);
        _pods.AddRange(saved.Pods);
        _saved = null;
    }

    private void ReadKnown(ref Utf8JsonReader reader, string source, string apiVersion, string kind)
    {
        _objects++;
        var slash = apiVersion.IndexOf('/');
        switch ((slash < 0 ? "" : apiVersion[..slash], kind))
        {
            case ("", "Namespace"):
                _namespaces.Add(KubernetesObjectReader.ReadNamespace(ref reader, _pool));
                break;
            case ("", "Service"):
                _services.Add(KubernetesObjectReader.ReadService(ref reader, _pool, _defaultNamespace));
                break;
            case ("", "Pod"):
                ReadSaved();
                _pods.Add(KubernetesObjectReader.ReadPod(ref reader, _pool, _defaultNamespace));
                break;
            case ("discovery.k8s.io", "EndpointSlice"):
                ReadSaved();
                _slices.Add(KubernetesObjectReader.ReadEndpointSlice(ref reader, _pool, _defaultNamespace));
                break;
            case ("", "ConfigMap"):
                using (var document = JsonDocument.ParseValue(ref reader))
                {
                    _mesh.AddConfigMap(document.RootElement, _defaultNamespace);
                    if (InjectorReader.Read(document.RootElement, _pool, _defaultNamespace) is { } injector)
                        _injectors.Add(injector);
                }

                break;
            case ("apps", "Deployment"):
                _deployments.Add(DeploymentReader.Read(ref reader, _pool, _defaultNamespace));
                break;
            case ("install.istio.io", "IstioOperator"):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _mesh.AddOperator(document.RootElement);
                break;
            case ("admissionregistration.k8s.io", "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration"):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _webhooks.Add(WebhookReader.Read(kind, document.RootElement, _pool));
                break;
            case ("apiextensions.k8s.io", "CustomResourceDefinition"):
                using (var document = JsonDocument.ParseValue(ref reader))
                {
                    var metadata = document.RootElement.Field("metadata");
                    AddCustomResource(metadata?.Text("name") ?? "", metadata.Field("annotations")?.Text(CustomResourceRecord.BundleAnnotation));
                }

                break;
            case ("gateway.networking.k8s.io", "Gateway" or "HTTPRoute" or "GRPCRoute"):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _gatewayApiObjects.Add(IstioObjectReader.ReadCommon(kind, document.RootElement, apiVersion, _pool, _defaultNamespace, _header is null ? source : null));
                break;
            case ("networking.istio.io" or "security.istio.io" or "telemetry.istio.io" or "extensions.istio.io", _):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _istioObjects.Add(IstioObjectReader.Read(kind, document.RootElement, apiVersion, _pool, _defaultNamespace, _header is null ? source : null));
                break;
            case (SavedHeader.Group, SavedHeader.Kind):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _header = SavedHeader.Read(document.RootElement, apiVersion, source);
                _objects = 0;
                break;
            case (SavedHeader.Group, SavedNamespace.Kind):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _index = SavedNamespace.ReadAll(document.RootElement);
                break;
            case ("argoproj.io", "Rollout") or ("flagger.app", "Canary"):
                using (var document = JsonDocument.ParseValue(ref reader))
                    _trafficControllers.Add(TrafficControllerReader.Read(kind, document.RootElement, _pool, _defaultNamespace));
                break;
            default:
                reader.Skip();
                break;
        }
    }

    // The sort is stable, so that of equal keys the last is the one that was added last.
    private static T[] Sorted<T>(List<T> objects, Comparison<T>? first = null)
        where T : MeshObject
    {
        var order = Comparer<T>.Create((left, right) =>
        {
            var result = first?.Invoke(left, right) ?? 0;
            return result != 0 ? result : MeshObject.CompareByKey(left, right);
        });
        var sorted = objects.Order(order).ToArray();
        var count = 0;
        for (var index = 0; index < sorted.Length; index++)
        {
            if (index + 1 == sorted.Length || order.Compare(sorted[index], sorted[index + 1]) != 0)
                sorted[count++] = sorted[index];
        }

        return count == sorted.Length ? sorted : sorted[..count];
    }
}
