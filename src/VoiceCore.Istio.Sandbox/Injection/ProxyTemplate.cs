using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>The containers and volumes of an injected proxy, as the templates <c>sidecar</c> and <c>gateway</c> of Istio make them.</summary>
internal static class ProxyTemplate
{
    internal const string Proxy = "istio-proxy";
    private const string Init = "istio-init";
    private const int AgentPort = 15020;

    private static readonly (string Name, string Mount)[] Volumes =
    [
        ("workload-socket", "/var/run/secrets/workload-spiffe-uds"),
        ("credential-socket", "/var/run/secrets/credential-uds"),
        ("workload-certs", "/var/run/secrets/workload-spiffe-credentials"),
        ("istio-envoy", "/etc/istio/proxy"),
        ("istio-data", "/var/lib/istio/data"),
        ("istio-podinfo", "/etc/istio/pod"),
        ("istio-token", "/var/run/secrets/tokens"),
        ("istiod-ca-cert", "/var/run/secrets/istio"),
    ];

    /// <summary>Adds the proxy's volumes before the pod's own; returns their names.</summary>
    internal static IReadOnlyList<string> AddVolumes(JsonObject pod)
    {
        var spec = PodInjection.Ensure(pod, "spec");
        spec["volumes"] = new JsonArray([.. Volumes.Select(volume => Volume(volume.Name)), .. spec.List("volumes").Select(volume => volume.DeepClone())]);
        return [.. Volumes.Select(volume => volume.Name)];
    }

    /// <summary>Adds a sidecar; returns the names of the init containers and of the containers that were added.</summary>
    internal static (IReadOnlyList<string> InitContainers, IReadOnlyList<string> Containers) Sidecar(JsonObject pod, string ns, InjectorSettings settings)
    {
        var spec = PodInjection.Ensure(pod, "spec");
        var proxy = Container(pod, settings, "sidecar");
        AddEnvironment(proxy, "ISTIO_META_WORKLOAD_NAME", PodInjection.WorkloadName(pod));
        AddEnvironment(proxy, "ISTIO_META_OWNER", $"kubernetes://apis/apps/v1/namespaces/{ns}/deployments/{PodInjection.WorkloadName(pod)}");
        AddEnvironment(proxy, "ISTIO_META_APP_CONTAINERS", string.Join(',', spec.List("containers").Select(container => container.Text("name"))));
        RewriteProbes(spec, proxy);
        var init = new JsonObject
        {
            ["name"] = Init,
            ["image"] = settings.Image,
            ["args"] = new JsonArray("istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337", "-m", "REDIRECT", "-i", "*", "-x", "", "-b", "*", "-d", "15090,15021,15020"),
            ["resources"] = settings.Resources.DeepClone(),
        };
        var initContainers = spec.List("initContainers").Select(container => container.DeepClone());
        if (settings.IsNative)
        {
            proxy["restartPolicy"] = "Always";
            spec["initContainers"] = new JsonArray([init, proxy, .. initContainers]);
            return ([Init, Proxy], []);
        }

        spec["initContainers"] = new JsonArray([.. initContainers, init]);
        spec["containers"] = new JsonArray([.. spec.List("containers").Select(container => container.DeepClone()), proxy]);
        return ([Init], [Proxy]);
    }

    /// <summary>Makes the pod's own container <c>istio-proxy</c> a gateway: what the container states stays, but for the image <c>auto</c>.</summary>
    internal static (IReadOnlyList<string> InitContainers, IReadOnlyList<string> Containers) Gateway(JsonObject pod, InjectorSettings settings)
    {
        var spec = PodInjection.Ensure(pod, "spec");
        var gateway = Container(pod, settings, "router");
        AddEnvironment(gateway, "ISTIO_META_WORKLOAD_NAME", PodInjection.WorkloadName(pod));
        var own = spec.List("containers").FirstOrDefault(container => container.Text("name") == Proxy);
        foreach (var (key, value) in own ?? [])
        {
            if (key is "ports" or "env")
                gateway[key] = new JsonArray([.. gateway.List(key).Concat(own.List(key)).Select(item => item.DeepClone())]);
            else if (!(key == "image" && value?.ToString() == "auto") && value is not null)
                gateway[key] = value.DeepClone();
        }

        spec["containers"] = new JsonArray([gateway, .. spec.List("containers").Where(container => container != own).Select(container => container.DeepClone())]);
        PodInjection.Ensure(spec, "securityContext")["sysctls"] =
            new JsonArray(new JsonObject { ["name"] = "net.ipv4.ip_unprivileged_port_start", ["value"] = "0" });
        return ([], [Proxy]);
    }

    private static JsonObject Container(JsonObject pod, InjectorSettings settings, string role)
    {
        var config = settings.ProxyConfig(pod.Annotations().GetValueOrDefault("proxy.istio.io/config"));
        var istiod = config.Text("discoveryAddress") ?? "";
        var proxy = new JsonObject
        {
            ["name"] = Proxy,
            ["image"] = settings.Image,
            ["args"] = new JsonArray("proxy", role, "--domain", "$(POD_NAMESPACE).svc.cluster.local", "--proxyLogLevel=warning", "--proxyComponentLogLevel=misc:error", "--log_output_level=default:info"),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http-envoy-prom", ["containerPort"] = 15090, ["protocol"] = "TCP" }),
            ["env"] = new JsonArray(),
            ["resources"] = settings.Resources.DeepClone(),
            ["readinessProbe"] = Probe(periodSeconds: 15, failureThreshold: 4),
            ["startupProbe"] = Probe(periodSeconds: 1, failureThreshold: 600),
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                ["privileged"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["runAsGroup"] = 1337,
                ["runAsNonRoot"] = true,
                ["runAsUser"] = 1337,
            },
            ["volumeMounts"] = new JsonArray([.. Volumes.Select(volume => new JsonObject { ["name"] = volume.Name, ["mountPath"] = volume.Mount })]),
        };
        AddEnvironment(proxy, "PILOT_CERT_PROVIDER", "istiod");
        AddEnvironment(proxy, "CA_ADDR", istiod);
        AddField(proxy, "POD_NAME", "metadata.name");
        AddField(proxy, "POD_NAMESPACE", "metadata.namespace");
        AddField(proxy, "INSTANCE_IP", "status.podIP");
        AddField(proxy, "SERVICE_ACCOUNT", "spec.serviceAccountName");
        AddField(proxy, "HOST_IP", "status.hostIP");
        AddEnvironment(proxy, "PROXY_CONFIG", config.ToJsonString() + "\n");
        AddEnvironment(proxy, "ISTIO_META_CLUSTER_ID", "Kubernetes");
        AddField(proxy, "ISTIO_META_NODE_NAME", "spec.nodeName");
        AddEnvironment(proxy, "ISTIO_META_INTERCEPTION_MODE", "REDIRECT");
        AddEnvironment(proxy, "ISTIO_META_MESH_ID", settings.MeshConfig.Text("trustDomain") ?? "cluster.local");
        AddEnvironment(proxy, "TRUST_DOMAIN", settings.MeshConfig.Text("trustDomain") ?? "cluster.local");
        foreach (var (name, value) in config.TextMap("proxyMetadata"))
            AddEnvironment(proxy, name, value);
        return proxy;
    }

    // The kubelet has no certificate of the mesh: its probes go to the agent, which passes them on.
    private static void RewriteProbes(JsonObject spec, JsonObject proxy)
    {
        var probers = new JsonObject();
        foreach (var container in spec.List("containers"))
        {
            foreach (var (field, end) in new[] { ("readinessProbe", "readyz"), ("livenessProbe", "livez"), ("startupProbe", "startupz") })
            {
                if (container.At(field, "httpGet") is not JsonObject http)
                    continue;
                var path = $"/app-health/{container.Text("name")}/{end}";
                probers[path] = new JsonObject { ["httpGet"] = http.DeepClone() };
                http["path"] = path;
                http["port"] = AgentPort;
                http.Remove("scheme");
            }
        }

        if (probers.Count > 0)
            AddEnvironment(proxy, "ISTIO_KUBE_APP_PROBERS", probers.ToJsonString());
    }

    private static JsonObject Probe(int periodSeconds, int failureThreshold) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = "/healthz/ready", ["port"] = 15021 },
        ["periodSeconds"] = periodSeconds,
        ["timeoutSeconds"] = 3,
        ["failureThreshold"] = failureThreshold,
    };

    private static void AddEnvironment(JsonObject container, string name, string value) =>
        ((JsonArray)container["env"]!).Add(new JsonObject { ["name"] = name, ["value"] = value });

    private static void AddField(JsonObject container, string name, string path) =>
        ((JsonArray)container["env"]!).Add(new JsonObject { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } });

    private static JsonObject Volume(string name) => name switch
    {
        "istiod-ca-cert" => new() { ["name"] = name, ["configMap"] = new JsonObject { ["name"] = "istio-ca-root-cert" } },
        "istio-envoy" => new() { ["name"] = name, ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } },
        "istio-token" => new()
        {
            ["name"] = name,
            ["projected"] = new JsonObject
            {
                ["sources"] = new JsonArray(new JsonObject
                {
                    ["serviceAccountToken"] = new JsonObject { ["audience"] = "istio-ca", ["expirationSeconds"] = 43200, ["path"] = "istio-token" },
                }),
            },
        },
        "istio-podinfo" => new()
        {
            ["name"] = name,
            ["downwardAPI"] = new JsonObject { ["items"] = new JsonArray(DownwardItem("labels"), DownwardItem("annotations")) },
        },
        _ => new() { ["name"] = name, ["emptyDir"] = new JsonObject() },
    };

    private static JsonObject DownwardItem(string path) =>
        new() { ["path"] = path, ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata." + path } };
}
