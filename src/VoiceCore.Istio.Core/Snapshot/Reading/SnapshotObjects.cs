using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>The objects that were read so far, by kind, and what a saved snapshot says of itself.</summary>
internal sealed class SnapshotObjects
{
    private readonly string _defaultNamespace;
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
    private SavedNamespaces? _saved;

    internal SnapshotObjects(string defaultNamespace)
    {
        _defaultNamespace = defaultNamespace;
    }

    internal StringPool Pool { get; } = new();

    /// <summary>What the last saved snapshot says first; null where none was read.</summary>
    internal SavedHeader? Header { get; private set; }

    /// <summary>What it says of its namespaces, whose objects follow; null where it does not, or none was read.</summary>
    internal IReadOnlyList<SavedNamespace>? Index { get; private set; }

    /// <summary>How many objects the text held that is read, whether they say anything about a mesh or not.</summary>
    internal int Count { get; private set; }

    /// <summary>True as long as no EndpointSlice and no pod was read: those of a saved snapshot may then wait.</summary>
    internal bool MayDefer => _pods.Count + _slices.Count == 0 && _saved is null;

    /// <summary>Forgets what a text said of itself, before another is read.</summary>
    internal void Begin() => (Index, Count) = (null, 0);

    /// <summary>Adds the objects of namespaces without reading them.</summary>
    internal void Add(SavedNamespaces saved)
    {
        _saved = saved;
        Count += saved.Count;
    }

    internal void SetMeshConfig(JsonElement fields) => _mesh.Set(JsonTree.Parse(fields.GetRawText()));

    /// <summary>Adds a CustomResourceDefinition.</summary>
    internal void AddCustomResource(string name, string? bundleVersion)
    {
        if (CustomResourceRecord.IsKept(name))
            _customResources.Add(new CustomResourceRecord { Namespace = "", Name = Pool.Get(name), BundleVersion = Pool.Get(bundleVersion ?? "") });
    }

    /// <summary>
    /// Reads an object of a kind; one that says nothing about the mesh is passed over. The reader is at its start and is left at its end;
    /// <paramref name="text"/> is what it reads.
    /// </summary>
    internal void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string source, string apiVersion, string kind)
    {
        Count++;
        var slash = apiVersion.IndexOf('/');
        switch ((slash < 0 ? "" : apiVersion[..slash], kind))
        {
            case ("", "Namespace"):
                _namespaces.Add(NamespaceReader.Read(ref reader, Pool));
                break;
            case ("", "Service"):
                _services.Add(ServiceReader.Read(ref reader, Pool, _defaultNamespace));
                break;
            case ("", "Pod"):
                ReadDeferred();
                _pods.Add(PodReader.Read(ref reader, Pool, _defaultNamespace));
                break;
            case ("discovery.k8s.io", "EndpointSlice"):
                ReadDeferred();
                _slices.Add(EndpointSliceReader.Read(ref reader, Pool, _defaultNamespace));
                break;
            case ("", "ConfigMap"):
                var configMap = JsonTree.Read(ref reader, Pool);
                _mesh.AddConfigMap(configMap, _defaultNamespace);
                if (InjectorReader.Read(configMap, Pool, _defaultNamespace) is { } injector)
                    _injectors.Add(injector);
                break;
            case ("apps", "Deployment"):
                _deployments.Add(DeploymentReader.Read(ref reader, Pool, _defaultNamespace));
                break;
            case ("install.istio.io", "IstioOperator"):
                _mesh.AddOperator(JsonTree.Read(ref reader, Pool));
                break;
            case ("admissionregistration.k8s.io", "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration"):
                _webhooks.Add(WebhookReader.Read(kind, JsonTree.Read(ref reader, Pool), Pool));
                break;
            case ("apiextensions.k8s.io", "CustomResourceDefinition"):
                var metadata = JsonTree.Read(ref reader, Pool).Field("metadata");
                AddCustomResource(metadata?.Text("name") ?? "", metadata.Field("annotations")?.Text(CustomResourceRecord.BundleAnnotation));
                break;
            case (IstioObjectReader.GatewayApiGroup, "Gateway" or "HTTPRoute" or "GRPCRoute" or "ReferenceGrant"):
                _gatewayApiObjects.Add(IstioObjectReader.Read(ref reader, text, apiVersion, kind, Pool, _defaultNamespace, Header is null ? source : null));
                break;
            case ("networking.istio.io" or "security.istio.io" or "telemetry.istio.io" or "extensions.istio.io", _):
                _istioObjects.Add(IstioObjectReader.Read(ref reader, text, apiVersion, kind, Pool, _defaultNamespace, Header is null ? source : null));
                break;
            case (SavedHeader.Group, SavedHeader.Kind):
                Header = SavedHeader.Read(JsonTree.Read(ref reader, Pool), apiVersion, source);
                Count = 0;
                break;
            case (SavedHeader.Group, SavedNamespace.Kind):
                Index = SavedNamespace.ReadAll(JsonTree.Read(ref reader, Pool));
                break;
            case ("argoproj.io", "Rollout") or ("flagger.app", "Canary"):
                _trafficControllers.Add(TrafficControllerReader.Read(kind, JsonTree.Read(ref reader, Pool), Pool, _defaultNamespace));
                break;
            default:
                reader.Skip();
                break;
        }
    }

    /// <summary>The snapshot of what was read.</summary>
    internal MeshSnapshot Build()
    {
        return new MeshSnapshot
        {
            Source = Header?.Source ?? "",
            Taken = Header?.Taken,
            IsComplete = Header?.IsComplete ?? false,
            ClusterDomain = Header?.ClusterDomain ?? MeshSnapshot.Empty.ClusterDomain,
            Mesh = _mesh.Choose(Pool),
            Namespaces = Sorted(_namespaces),
            Services = Sorted(_services),
            EndpointSlices = _saved?.EndpointSlices ?? (IReadOnlyList<EndpointSliceRecord>)Sorted(_slices),
            Pods = _saved?.Pods ?? (IReadOnlyList<PodRecord>)Sorted(_pods),
            Deployments = Sorted(_deployments),
            Injectors = Sorted(_injectors),
            PeerAuthentications = Sorted(OfKind<PeerAuthentication>()),
            RequestAuthentications = Sorted(OfKind<RequestAuthentication>()),
            AuthorizationPolicies = Sorted(OfKind<AuthorizationPolicy>()),
            DestinationRules = Sorted(OfKind<DestinationRule>()),
            VirtualServices = Sorted(OfKind<VirtualService>()),
            Sidecars = Sorted(OfKind<Sidecar>()),
            ServiceEntries = Sorted(OfKind<ServiceEntry>()),
            WorkloadEntries = Sorted(OfKind<WorkloadEntry>()),
            Gateways = Sorted(OfKind<GatewayRecord>()),
            OtherIstioObjects = Sorted(OfKind<IstioObject>(), ByKind),
            GatewayApiObjects = Sorted(_gatewayApiObjects, ByKind),
            TrafficControllers = Sorted(_trafficControllers, static (left, right) => left.Tool.CompareTo(right.Tool)),
            Webhooks = Sorted(_webhooks, static (left, right) => left.IsMutating.CompareTo(right.IsMutating)),
            CustomResources = Sorted(_customResources),
        };
    }

    // What comes beside objects that are still to be read may be one of them.
    private void ReadDeferred()
    {
        if (_saved is not { } saved)
            return;
        _slices.AddRange(saved.EndpointSlices);
        _pods.AddRange(saved.Pods);
        _saved = null;
    }

    private static T[] Sorted<T>(List<T> objects, Comparison<T>? first = null)
        where T : MeshObject
    {
        int Compare(T left, T right) => first?.Invoke(left, right) is { } result and not 0 ? result : MeshObject.CompareByKey(left, right);

        // As they are in a saved snapshot.
        var count = 1;
        while (count < objects.Count && Compare(objects[count - 1], objects[count]) < 0)
            count++;
        return count >= objects.Count ? objects.ToArray() : Sorted(objects.Order(Comparer<T>.Create(Compare)).ToArray(), Compare);
    }

    // The sort is stable, so that of equal keys the last is the one that was added last.
    private static T[] Sorted<T>(T[] sorted, Comparison<T> compare)
    {
        var count = 0;
        for (var index = 0; index < sorted.Length; index++)
        {
            if (index + 1 == sorted.Length || compare(sorted[index], sorted[index + 1]) != 0)
                sorted[count++] = sorted[index];
        }

        return count == sorted.Length ? sorted : sorted[..count];
    }

    private static int ByKind(IstioObject left, IstioObject right) => string.CompareOrdinal(left.Kind, right.Kind);

    private List<T> OfKind<T>()
        where T : IstioObject
    {
        var found = new List<T>();
        foreach (var item in _istioObjects)
        {
            if (item.GetType() == typeof(T))
                found.Add((T)item);
        }

        return found;
    }
}
