using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>Makes a mesh of a size, always the same one: the objects as an API server gives them, one group a namespace.</summary>
internal sealed class MeshGenerator(MeshSize size)
{
    /// <summary>Writes a file a namespace.</summary>
    internal void WriteYaml(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, objects) in Namespaces())
        {
            using var file = new StreamWriter(Path.Combine(folder, name + ".yaml")) { NewLine = "\n" };
            foreach (var json in objects)
            {
                file.WriteLine("---");
                file.Write(YamlWriter.Write(json));
            }
        }
    }

    /// <summary>
    /// Saves the same objects as a snapshot, and to <paramref name="changed"/> what is left without four policies. The number of bytes before
    /// compression is returned.
    /// </summary>
    internal long WriteSnapshot(string path, string changed)
    {
        var reader = new MeshSnapshotReader();
        foreach (var json in Namespaces().SelectMany(item => item.Objects))
            reader.AddJson(Encoding.UTF8.GetBytes(json.ToJsonString()), "benchmark");
        var snapshot = reader.Build();
        MeshSnapshotFile.Save(snapshot, path);
        MeshSnapshotFile.Save(
            snapshot with { DestinationRules = [.. snapshot.DestinationRules.Skip(3)], PeerAuthentications = [.. snapshot.PeerAuthentications.SkipLast(1)] }, changed);
        using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var counted = new MemoryStream();
        content.CopyTo(counted);
        return counted.Length;
    }

    private IEnumerable<(string Name, IEnumerable<JsonObject> Objects)> Namespaces()
    {
        yield return ("istio-system", [Namespace("istio-system"), PeerAuthentication("istio-system", "default", "STRICT", null)]);
        for (var index = 0; index < size.Namespaces; index++)
            yield return ($"team-{index:D3}", Objects(index));
    }

    private IEnumerable<JsonObject> Objects(int index)
    {
        var name = $"team-{index:D3}";
        yield return Namespace(name);
        // After the mesh's own come those of namespaces.
        if (index < size.PeerAuthentications - 1 && index % 5 == 0)
            yield return PeerAuthentication(name, "default", index % 2 == 0 ? "PERMISSIVE" : "STRICT", null);
        if (index < size.Sidecars)
        {
            yield return Object("networking.istio.io/v1", "Sidecar", name, "default", ("spec", new JsonObject
            {
                ["egress"] = new JsonArray(new JsonObject { ["hosts"] = new JsonArray("./*", "istio-system/*", $"team-{(index + 1) % size.Namespaces:D3}/*") }),
            }));
        }

        for (var service = index; service < size.Services; service += size.Namespaces)
        {
            foreach (var json in Objects(name, service))
                yield return json;
        }
    }

    private IEnumerable<JsonObject> Objects(string ns, int service)
    {
        var app = $"service-{service:D5}";
        var ports = service % 5 == 0 ? new[] { ("http", 80, 8080), ("grpc-admin", 9090, 9090) } : [("http", 80, 8080)];
        yield return Object("v1", "Service", ns, app, ("spec", new JsonObject
        {
            ["clusterIP"] = service % 50 == 49 ? "None" : $"10.{96 + (service >> 16)}.{(service >> 8) & 255}.{service & 255}",
            ["type"] = "ClusterIP",
            ["selector"] = new JsonObject { ["app"] = app },
            ["ports"] = Array(ports, port => new JsonObject { ["name"] = port.Item1, ["port"] = port.Item2, ["targetPort"] = port.Item3, ["protocol"] = "TCP" }),
        }));
        var pods = new List<int>();
        for (var pod = service; pod < size.Pods; pod += size.Services)
            pods.Add(pod);
        foreach (var pod in pods)
            yield return Pod(ns, app, service, pod);
        var slice = Object("discovery.k8s.io/v1", "EndpointSlice", ns, $"{app}-x{service:x}", ("addressType", "IPv4"));
        slice["metadata"]!["labels"] = new JsonObject { ["kubernetes.io/service-name"] = app, ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io" };
        slice["ports"] = Array(ports, port => new JsonObject { ["name"] = port.Item1, ["port"] = port.Item3, ["protocol"] = "TCP" });
        slice["endpoints"] = Array(pods, pod => new JsonObject
        {
            ["addresses"] = new JsonArray(Address(pod)),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
            ["nodeName"] = Node(pod),
            ["zone"] = $"zone-{pod % 3}",
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = PodName(app, service, pod), ["namespace"] = ns },
        });
        yield return slice;
        if (service < size.DestinationRules)
            yield return DestinationRule(ns, app, service);
        if (service < size.VirtualServices)
            yield return VirtualService(ns, app);
        if (service < size.PeerAuthentications - (size.Namespaces / 5) - 1)
            yield return PeerAuthentication(ns, app, service % 3 == 0 ? "DISABLE" : "PERMISSIVE", app);
        if (service < size.AuthorizationPolicies)
            yield return AuthorizationPolicy(ns, app);
    }

    private static JsonObject Namespace(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["istio-injection"] = "enabled", ["kubernetes.io/metadata.name"] = name } },
    };

    private static JsonObject Pod(string ns, string app, int service, int pod)
    {
        // One service in forty runs without sidecars.
        var hasSidecar = service % 40 != 7;
        var labels = new JsonObject { ["app"] = app, ["version"] = pod % 2 == 0 ? "v1" : "v2", ["pod-template-hash"] = Hash(service) };
        var containers = new JsonArray(Container("app", "registry.example.com/shop/" + app + ":1.4.2"));
        var json = Object("v1", "Pod", ns, PodName(app, service, pod));
        var metadata = json["metadata"]!;
        if (hasSidecar)
        {
            labels["security.istio.io/tlsMode"] = "istio";
            labels["service.istio.io/canonical-name"] = app;
            labels["service.istio.io/canonical-revision"] = "v1";
            metadata["annotations"] = new JsonObject
            {
                ["istio.io/rev"] = "default",
                ["sidecar.istio.io/status"] = "{\"initContainers\":[\"istio-init\",\"istio-proxy\"],\"containers\":null,\"revision\":\"default\"}",
            };
        }

        metadata["labels"] = labels;
        metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = $"{app}-{Hash(service)}", ["controller"] = true });
        json["spec"] = new JsonObject { ["serviceAccountName"] = app, ["nodeName"] = Node(pod), ["containers"] = containers };
        if (hasSidecar)
            json["spec"]!["initContainers"] = new JsonArray(Container("istio-init", "docker.io/istio/proxyv2:1.31.0"), Container("istio-proxy", "docker.io/istio/proxyv2:1.31.0"));
        json["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = Address(pod),
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        };
        return json;
    }

    private static JsonObject Container(string name, string image) => new()
    {
        ["name"] = name,
        ["image"] = image,
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" } },
    };

    // Every third says what clients send, every seventh is for its own namespace only.
    private static JsonObject DestinationRule(string ns, string app, int service)
    {
        var policy = new JsonObject
        {
            ["connectionPool"] = new JsonObject { ["tcp"] = new JsonObject { ["maxConnections"] = 100 }, ["http"] = new JsonObject { ["http2MaxRequests"] = 500 } },
            ["outlierDetection"] = new JsonObject { ["consecutive5xxErrors"] = 5, ["interval"] = "10s", ["baseEjectionTime"] = "30s", ["maxEjectionPercent"] = 50 },
        };
        if (service % 3 == 0)
            policy["tls"] = new JsonObject { ["mode"] = service % 9 == 0 ? "DISABLE" : "ISTIO_MUTUAL" };
        var spec = new JsonObject
        {
            ["host"] = $"{app}.{ns}.svc.cluster.local",
            ["trafficPolicy"] = policy,
            ["subsets"] = Array(["v1", "v2"], version => new JsonObject { ["name"] = version, ["labels"] = new JsonObject { ["version"] = version } }),
        };
        if (service % 7 == 0)
            spec["exportTo"] = new JsonArray(".");
        return Object("networking.istio.io/v1", "DestinationRule", ns, app, ("spec", spec));
    }

    private static JsonObject VirtualService(string ns, string app)
    {
        var host = $"{app}.{ns}.svc.cluster.local";
        JsonObject Destination(string subset) => new() { ["host"] = host, ["subset"] = subset };
        return Object("networking.istio.io/v1", "VirtualService", ns, app, ("spec", new JsonObject
        {
            ["hosts"] = new JsonArray(host),
            ["http"] = new JsonArray(
                new JsonObject
                {
                    ["match"] = new JsonArray(new JsonObject { ["headers"] = new JsonObject { ["x-canary"] = new JsonObject { ["exact"] = "true" } } }),
                    ["route"] = new JsonArray(new JsonObject { ["destination"] = Destination("v2") }),
                },
                new JsonObject
                {
                    ["route"] = new JsonArray(
                        new JsonObject { ["destination"] = Destination("v1"), ["weight"] = 90 },
                        new JsonObject { ["destination"] = Destination("v2"), ["weight"] = 10 }),
                    ["timeout"] = "5s",
                    ["retries"] = new JsonObject { ["attempts"] = 2, ["perTryTimeout"] = "2s" },
                }),
        }));
    }

    private static JsonObject PeerAuthentication(string ns, string name, string mode, string? app)
    {
        var spec = new JsonObject { ["mtls"] = new JsonObject { ["mode"] = mode } };
        if (app is not null)
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = app } };
        return Object("security.istio.io/v1", "PeerAuthentication", ns, name, ("spec", spec));
    }

    private static JsonObject AuthorizationPolicy(string ns, string app) => Object("security.istio.io/v1", "AuthorizationPolicy", ns, app, ("spec", new JsonObject
    {
        ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = app } },
        ["action"] = "ALLOW",
        ["rules"] = new JsonArray(new JsonObject
        {
            ["from"] = new JsonArray(new JsonObject { ["source"] = new JsonObject { ["namespaces"] = new JsonArray(ns) } }),
            ["to"] = new JsonArray(new JsonObject { ["operation"] = new JsonObject { ["methods"] = new JsonArray("GET", "POST") } }),
        }),
    }));

    private static JsonObject Object(string apiVersion, string kind, string ns, string name, params (string Name, JsonNode Value)[] fields)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["creationTimestamp"] = "2026-03-01T08:00:00Z" },
        };
        foreach (var (field, value) in fields)
            json[field] = value;
        return json;
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> convert) => new([.. items.Select(convert)]);

    private static string PodName(string app, int service, int pod) => $"{app}-{Hash(service)}-{(uint)pod * 2654435761 & 0xFFFFF:x5}";

    private static string Hash(int service) => $"{((uint)service + 1) * 2246822519:x}";

    private static string Address(int pod) => $"10.{pod >> 16}.{(pod >> 8) & 255}.{pod & 255}";

    private static string Node(int pod) => $"node-{pod / 60:D4}";
}
