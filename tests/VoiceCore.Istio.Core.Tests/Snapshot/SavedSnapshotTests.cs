using System.IO.Compression;
using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>What is saved, and what is read of it again.</summary>
public sealed class SavedSnapshotTests : IDisposable
{
    private static readonly DateTime Taken = new(2026, 11, 25, 9, 30, 0, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot").FullName;

    [Fact]
    public void A_snapshot_is_read_as_it_was_saved()
    {
        var snapshot = Read(Everything) with { Source = "production", Taken = Taken, IsComplete = true, ClusterDomain = "mesh.internal" };

        var again = SaveAndLoad(snapshot);

        Assert.Equal(("production", Taken, true, "mesh.internal"), (again.Source, again.Taken, again.IsComplete, again.ClusterDomain));
        Assert.Equal(snapshot.Count, again.Count);
        Assert.Equal(SnapshotFields.Of(snapshot), SnapshotFields.Of(again));
        Assert.All(again.DestinationRules, rule => Assert.Null(rule.Source));
        Assert.Equal(Lines(snapshot), Lines(again));
    }

    [Fact]
    public void What_holds_secrets_is_not_saved()
    {
        var text = Lines(Read(Everything));

        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("last-applied", text, StringComparison.Ordinal);
        Assert.DoesNotContain("managedFields", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_of_a_file_leaves_nothing_beside_it()
    {
        var path = Path.Combine(_folder, "below", "mesh.json.gz");
        MeshSnapshotFile.Save(Read(Everything), path);
        MeshSnapshotFile.Save(Read(Everything), path);

        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
        // RFC 1952: after the magic, the method and the flags come four bytes of time.
        Assert.Equal(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0 }, File.ReadAllBytes(path)[..8]);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"List","items":[]}""", "SnapshotNotSaved")]
    [InlineData("no JSON", "SnapshotNotSaved")]
    [InlineData("", "SnapshotNotSaved")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v9","kind":"MeshSnapshot","objects":0}""", "SnapshotVersionUnknown")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":1}""", "SnapshotDamaged")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":1}{"kind":"Po""", "SnapshotDamaged")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":"many"}""", "SnapshotObjectInvalid")]
    public void A_file_that_is_no_whole_snapshot_is_refused(string content, string id)
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        using (var file = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            file.Write(Encoding.UTF8.GetBytes(content));

        Assert.Equal(id, Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(path)).Id);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused()
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        MeshSnapshotFile.Save(Read(Everything), path);
        var bytes = File.ReadAllBytes(path);
        // Behind the last object come the end of the compressed block and the checksum.
        for (var length = 0; length < bytes.Length - 32; length += 7)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(path)).Id, new[] { "SnapshotNotSaved", "SnapshotDamaged", "SnapshotFileUnreadable" });
        }
    }

    [Fact]
    public void What_is_not_there_is_said() =>
        Assert.Equal("SnapshotPathNotFound", Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(Path.Combine(_folder, "absent"))).Id);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private MeshSnapshot SaveAndLoad(MeshSnapshot snapshot)
    {
        var path = Path.Combine(_folder, "saved");
        MeshSnapshotFile.Save(snapshot, path);
        return MeshSnapshotFile.Load(path);
    }

    private static string Lines(MeshSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        MeshSnapshotWriter.Write(snapshot, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static MeshSnapshot Read(string yaml)
    {
        var reader = new MeshSnapshotReader();
        using var text = new StringReader(yaml);
        reader.AddYaml(text, "test");
        return reader.Build();
    }

    private const string Everything = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio-injection: enabled }, creationTimestamp: "2026-01-02T03:04:05Z" }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio-canary, namespace: istio-system, labels: { istio.io/rev: canary } }
        data:
          mesh: |
            rootNamespace: mesh-root
            enableAutoMtls: false
            trustDomain: shop.example
            trustDomainAliases: [old.example, older.example]
            outboundTrafficPolicy: { mode: REGISTRY_ONLY }
            defaultDestinationRuleExportTo: ["."]
            defaultVirtualServiceExportTo: [shop, web]
            defaultServiceExportTo: ["~"]
            defaultHttpRetryPolicy: { attempts: 0, perTryTimeout: 1.25s, backoff: 30ms, retryOn: "5xx" }
            connectTimeout: 250ms
            h2UpgradePolicy: UPGRADE
            defaultTrafficPolicy:
              connectionPool:
                tcp: { maxConnections: 1, connectTimeout: 2s, idleTimeout: 3s, maxConnectionDuration: 1h }
                http: { http1MaxPendingRequests: 4, http2MaxRequests: 5, maxRequestsPerConnection: 6, maxRetries: 7, idleTimeout: 8s, h2UpgradePolicy: UPGRADE, useClientProtocol: true }
              outlierDetection: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 2, consecutiveLocalOriginFailures: 3, splitExternalLocalOriginErrors: true, interval: 4s, baseEjectionTime: 5s, maxEjectionPercent: 60, minHealthPercent: 7 }
            localityLbSetting: { enabled: false }
            pathNormalization: { normalization: MERGE_SLASHES }
            discoverySelectors:
            - matchLabels: { mesh: shop }
              matchExpressions: [{ key: env, operator: NotIn, values: [test, dev] }, { key: x, operator: Exists }]
            extensionProviders:
            - name: guard
              envoyExtAuthzGrpc: { service: guard.shop.svc.cluster.local, port: 9000 }
            - name: logs
              envoyOtelAls: { service: x, token: hunter2 }
            defaultProviders: { accessLogging: [logs] }
            defaultConfig: { image: { imageType: distroless }, proxyMetadata: { TOKEN: hunter2, ISTIO_META_DNS_CAPTURE: "true" } }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio-sidecar-injector-canary, namespace: istio-system }
        data: { values: '{"global":{"hub":"hub.example/istio","tag":"1.30.3","proxy":{"image":"proxyv2"},"password":"hunter2"},"sidecarInjectorWebhook":{"enableNamespacesByDefault":true}}' }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings, namespace: shop }
        data: { password: hunter2 }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: keys, namespace: shop }
        stringData: { password: hunter2 }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop, labels: { app: web }, annotations: { networking.istio.io/exportTo: "shop,web", kubectl.kubernetes.io/last-applied-configuration: "{}" } }
        spec:
          type: LoadBalancer
          clusterIP: 10.1.0.1
          internalTrafficPolicy: Local
          publishNotReadyAddresses: true
          selector: { app: web }
          ports:
          - { name: http, port: 80, targetPort: 8080, appProtocol: http2, nodePort: 30080 }
          - { name: named, port: 81, targetPort: metrics }
          - { name: dns, port: 53, protocol: UDP, appProtocol: "" }
        status: { conditions: [{ type: Ready, status: "True" }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: outside, namespace: shop }
        spec: { type: ExternalName, externalName: www.example.org }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
        addressType: IPv6
        ports: [{ name: http, port: 8080 }, { port: 1 }]
        endpoints:
        - { addresses: ["fd00::1", "fd00::2"], targetRef: { kind: Pod, name: web-1 }, nodeName: node-1, zone: a }
        - { addresses: ["fd00::3"], conditions: { ready: false, terminating: true } }
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-1
          namespace: shop
          creationTimestamp: "2026-02-03T04:05:06Z"
          labels: { app: web, security.istio.io/tlsMode: istio }
          annotations:
            sidecar.istio.io/status: '{"revision":"canary","volumes":["workload-socket"]}'
            proxy.istio.io/config: '{"proxyMetadata":{"TOKEN":"hunter2"}}'
            proxy.istio.io/overrides: '{"containers":[{"env":[{"name":"A","value":"hunter2"}]}]}'
            kubectl.kubernetes.io/last-applied-configuration: '{"password":"hunter2"}'
          managedFields: [{ manager: kubectl }]
          ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-7c9, controller: true, uid: u }]
        spec:
          serviceAccountName: web
          nodeName: node-1
          hostNetwork: true
          containers:
          - { name: app, image: "shop/web:1", args: [--password=hunter2], env: [{ name: PASSWORD, value: hunter2 }] }
          initContainers: [{ name: istio-proxy, image: "istio/proxyv2:1.30.3" }]
          securityContext: { runAsUser: 1000 }
        status: { phase: Running, podIP: "fd00::1", conditions: [{ type: Ready, status: "True" }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: istiod, namespace: istio-system, labels: { app: istiod }, annotations: { x.istio.io/y: z } }
        spec:
          template:
            metadata: { labels: { app: istiod, version: a }, annotations: { sidecar.istio.io/inject: "false" } }
            spec:
              serviceAccountName: istiod
              containers:
              - { name: helper, image: "x:1", securityContext: { runAsUser: 1337 } }
              - { name: discovery, image: "pilot:1", env: [{ name: PASSWORD, value: hunter2 }, { name: MAX_WORKLOAD_CERT_TTL, value: 24h }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: bare, namespace: shop }
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: default, namespace: shop }
        spec: { selector: { matchLabels: { app: web } }, mtls: { mode: STRICT }, portLevelMtls: { 8080: { mode: DISABLE }, 81: null } }
        ---
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: { name: tokens, namespace: shop }
        spec: { targetRefs: [{ group: "", kind: Service, name: web }], jwtRules: [{ issuer: a, jwks: '{"keys":[{"kty":"oct","k":"hunter2"}]}' }] }
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: callers, namespace: shop, annotations: { istio.io/dry-run: "true", other: hunter2 } }
        spec:
          action: DENY
          rules:
          - from: [{ source: { notPrincipals: ["*/sa/gateway"], ipBlocks: [10.0.0.0/8] } }]
            to: [{ operation: { methods: [POST], notPaths: ["/x"] } }]
            when: [{ key: "request.headers[x]", values: ["1"] }]
          - {}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: web, namespace: shop }
        spec:
          host: web
          exportTo: ["."]
          workloadSelector: { matchLabels: { app: gateway } }
          trafficPolicy:
            retryBudget: { percent: 12.5 }
            tls: { mode: ISTIO_MUTUAL, sni: x }
            portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 3 } } }]
            loadBalancer: { consistentHash: { maglev: {} }, localityLbSetting: { enabled: false } }
          subsets: [{ name: v1, labels: { version: v1 }, trafficPolicy: { outlierDetection: { interval: 1m } } }]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: web, namespace: shop }
        spec:
          hosts: [web]
          http:
          - match: [{ uri: { prefix: /a }, headers: { x-b: { exact: b }, x-a: null }, queryParams: { q: { regex: .* } } }]
            headers: { request: { set: { authorization: hunter2 } } }
            route:
            - { destination: { host: web, subset: v1, port: { number: 80 } }, weight: 60, headers: { request: { add: { x: hunter2 } } } }
            - { destination: { host: web }, weight: 40 }
            timeout: 3s
            retries: { attempts: 2, perTryTimeout: 500ms, retryOn: reset }
            mirror: { host: web, subset: v1 }
            mirrorPercentage: { value: 12.5 }
          - directResponse: { status: 401, body: { string: hunter2 } }
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: web, namespace: shop }
        spec:
          workloadSelector: { labels: { app: web } }
          egress: [{ hosts: ["./*"], port: { number: 80, protocol: HTTP, name: http }, bind: 127.0.0.1 }]
          ingress: [{ port: { number: 8080, protocol: HTTP, name: http }, defaultEndpoint: 127.0.0.1:8080, tls: { mode: SIMPLE } }]
          outboundTrafficPolicy: { mode: ALLOW_ANY }
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: bank, namespace: shop }
        status: { addresses: [{ value: 240.240.0.1 }], conditions: [{ type: Reconciled, status: "True", reason: Done, message: "all of it" }] }
        spec: { hosts: [bank.example], addresses: [10.9.0.1], ports: [{ number: 443, name: tls, protocol: TLS, targetPort: 8443 }], location: MESH_INTERNAL, resolution: STATIC, endpoints: [{ address: 10.9.0.2, ports: { tls: 8443 }, labels: { a: b }, serviceAccount: bank }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: vm, namespace: shop }
        spec: { address: 10.9.0.3, ports: { http: 8080 }, labels: { app: vm } }
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge, namespace: shop }
        spec: { selector: { app: edge }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: ["shop/*"], tls: { mode: SIMPLE, credentialName: edge-cert } }] }
        ---
        apiVersion: networking.istio.io/v1alpha3
        kind: EnvoyFilter
        metadata: { name: lua, namespace: shop }
        spec: { configPatches: [{ applyTo: HTTP_FILTER, patch: { operation: INSERT_BEFORE, value: { token: hunter2 } } }] }
        ---
        apiVersion: extensions.istio.io/v1alpha1
        kind: WasmPlugin
        metadata: { name: wasm, namespace: shop }
        spec: { url: "oci://x/y:1", pluginConfig: { token: hunter2 }, vmConfig: { env: [{ name: A, value: hunter2 }] } }
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: { name: logs, namespace: shop }
        spec: { accessLogging: [{ providers: [{ name: logs }] }] }
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: ProxyConfig
        metadata: { name: env, namespace: shop }
        spec: { concurrency: 2, environmentVariables: { TOKEN: hunter2, ISTIO_META_X: y } }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: route, namespace: shop }
        spec: { parentRefs: [{ name: edge }], rules: [{ filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x, value: hunter2 }] } }], backendRefs: [{ name: web, port: 80 }] }] }
        status: { parents: [{ conditions: [{ type: Accepted, status: "False" }] }] }
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: { name: istio-sidecar-injector, labels: { istio.io/rev: default, istio.io/tag: stable } }
        webhooks:
        - name: rev.namespace.sidecar-injector.istio.io
          clientConfig: { service: { name: istiod, namespace: istio-system, path: /inject }, caBundle: Y2VydA== }
          failurePolicy: Ignore
          namespaceSelector: { matchLabels: { a: b }, matchExpressions: [{ key: istio.io/rev, operator: In, values: [default] }] }
          objectSelector: { matchExpressions: [{ key: sidecar.istio.io/inject, operator: NotIn, values: ["false"] }] }
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: { name: istio-validator }
        webhooks: [{ name: rev.validation.istio.io, clientConfig: { url: "https://istiod.example/validate" } }]
        """;
}
