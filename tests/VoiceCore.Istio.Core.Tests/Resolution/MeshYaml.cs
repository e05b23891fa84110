using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Small meshes for tests: a service <c>tenant</c> (port 80 to 8080) in <c>shop</c>, a client in <c>web</c>, and what a test adds.</summary>
internal static class MeshYaml
{
    internal static string Pod(string @namespace, string name, string ip, bool sidecar = true) =>
        $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          namespace: {{@namespace}}
          labels: { app: {{name.Split('-')[0]}}{{(sidecar ? ", security.istio.io/tlsMode: istio" : "")}} }
        spec:
          containers: [{ name: app, image: app }]
        status: { phase: Running, podIP: {{ip}}, conditions: [{ type: Ready, status: "True" }] }

        """;

    internal static string Tenant(bool headless = false, params bool[] sidecars)
    {
        var pods = string.Concat(sidecars.Select((sidecar, index) => Pod("shop", $"tenant-{index}", $"10.0.0.{index + 1}", sidecar)));
        var endpoints = string.Join(", ", sidecars.Select((_, index) => $"{{ addresses: [10.0.0.{index + 1}], conditions: {{ ready: true }}, targetRef: {{ kind: Pod, name: tenant-{index}, namespace: shop }} }}"));
        return $$"""
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: tenant, namespace: shop }
            spec:
              clusterIP: {{(headless ? "None" : "10.1.0.1")}}
              selector: { app: tenant }
              ports: [{ name: http, port: 80, targetPort: 8080 }]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: tenant-1, namespace: shop, labels: { kubernetes.io/service-name: tenant } }
            addressType: IPv4
            ports: [{ name: http, port: 8080 }]
            endpoints: [{{endpoints}}]
            {{pods}}
            """;
    }

    internal static string Peer(string @namespace, string mode, string extra = "") =>
        $$"""
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: {{mode.ToLowerInvariant()}}{{(extra.Length > 0 ? "-workload" : "")}}, namespace: {{@namespace}} }
        spec: { mtls: { mode: {{mode}} }{{extra}} }

        """;

    internal static string Rule(string @namespace, string host, string policy) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: rule, namespace: {{@namespace}} }
        spec: { host: "{{host}}", trafficPolicy: {{policy}} }

        """;

    internal static string Virtual(string key, string hosts, string http, string created = "2026-01-01", string extra = "") =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: {{key.Split('/')[1]}}, namespace: {{key.Split('/')[0]}}, creationTimestamp: "{{created}}T00:00:00Z" }
        spec: { hosts: [{{hosts}}]{{extra}}, http: [{{http}}] }

        """;

    internal static MeshSnapshot Read(params string[] documents)
    {
        var reader = new MeshSnapshotReader();
        using var text = new StringReader(string.Concat(documents));
        reader.AddYaml(text, "test");
        return reader.Build();
    }

    internal static ServiceRecord Service(this MeshSnapshot snapshot, string name = "tenant") => snapshot.Services.Single(service => service.Name == name);
}
