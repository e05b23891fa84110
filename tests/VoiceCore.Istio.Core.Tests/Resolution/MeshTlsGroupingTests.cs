using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// A verdict is for a group of clients and for all endpoints of a port. Taken apart, the verdicts must say of each pod, service, port and
/// endpoint what the rules say when they are asked for that one connection.
/// </summary>
public sealed class MeshTlsGroupingTests
{
    private static readonly string[] Namespaces = ["a", "b", "c", "istio-system"];
    private static readonly Gen<string> Namespace = OneOf(Namespaces);
    private static readonly Gen<string> App = OneOf("x", "y", "z");
    private static readonly Gen<string> ExportTo = OneOf("", ", exportTo: ['*']", ", exportTo: ['.']", ", exportTo: [b]", ", exportTo: ['.', c]");
    private static readonly Gen<string> Host = OneOf("x", "y.a.svc.cluster.local", "z.b.svc.cluster.local", "*.a.svc.cluster.local", "*.local", "*");
    private static readonly Gen<string> Tls = OneOf("{}", "{ tls: { mode: DISABLE } }", "{ tls: { mode: ISTIO_MUTUAL } }", "{ tls: { mode: SIMPLE } }", "{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }");
    private static readonly Gen<string> Mode = OneOf("STRICT", "PERMISSIVE", "DISABLE", "UNSET");

    private static readonly Gen<string> Rule = Gen.Select(Namespace, Host, Tls, ExportTo, App.Null()).Select((ns, host, tls, exportTo, app) =>
        Object("networking.istio.io/v1", "DestinationRule", ns, $"{{ host: '{host}', trafficPolicy: {tls}{(app is null ? exportTo : $", workloadSelector: {{ matchLabels: {{ app: {app} }} }}")} }}"));

    private static readonly Gen<string> Egress = OneOf("./*", "*/*", "a/*", "b/z.b.svc.cluster.local", "*/*.a.svc.cluster.local", "~/*");

    private static readonly Gen<string> Sidecar = Gen.Select(Namespace, Egress.Array[1, 2], App.Null(), OneOf("", ", outboundTrafficPolicy: { mode: REGISTRY_ONLY }"), OneOf("", "port: { number: 81, protocol: HTTP }, "))
        .Select((ns, hosts, app, policy, port) => Object(
            "networking.istio.io/v1", "Sidecar", ns,
            $"{{ egress: [{{ {port}hosts: [{string.Join(", ", hosts.Select(host => $"'{host}'"))}] }}]{policy}{(app is null ? "" : $", workloadSelector: {{ labels: {{ app: {app} }} }}")} }}"));

    private static readonly Gen<string> PeerAuthentication = Gen.Select(Namespace, Mode, App.Null(), Mode.Null()).Select((ns, mode, app, portMode) => Object(
        "security.istio.io/v1", "PeerAuthentication", ns,
        $"{{ mtls: {{ mode: {mode} }}{(app is null ? "" : $", selector: {{ matchLabels: {{ app: {app} }} }}{(portMode is null ? "" : $", portLevelMtls: {{ 8080: {{ mode: {portMode} }} }}")}")} }}"));

    private static readonly Gen<string> VirtualService = Gen.Select(Namespace, App, Namespace, ExportTo).Select((ns, app, target, exportTo) => Object(
        "networking.istio.io/v1", "VirtualService", ns, $"{{ hosts: [{app}], http: [{{ route: [{{ destination: {{ host: {app}.{target}.svc.cluster.local }} }}] }}]{exportTo} }}"));

    private static readonly Gen<Func<string, string, string, string>> PodKind = Gen.OneOf(
        Gen.Const<Func<string, string, string, string>>((ns, name, ip) => Pod(ns, name, ip)),
        Gen.Const<Func<string, string, string, string>>((ns, name, ip) => Pod(ns, name, ip, sidecar: false)),
        Gen.Const<Func<string, string, string, string>>((ns, name, ip) => Pod(ns, name, ip, sidecar: false).Replace("{ name: app, image: app }", "{ name: istio-proxy, image: auto, args: [proxy, router] }", StringComparison.Ordinal)));

    // Two pods a service, each with a sidecar, without one, or a gateway; the service is headless or not, and exported to all or not.
    private static readonly Gen<string> Service = Gen.Select(Namespace, App, PodKind, PodKind, Gen.Bool, OneOf("", "*", ".", "b", "~")).Select((ns, app, first, second, headless, exportTo) =>
        $$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: {{app}}, namespace: {{ns}}{{(exportTo.Length == 0 ? "" : $", annotations: {{ networking.istio.io/exportTo: '{exportTo}' }}")}} }
        spec:
          clusterIP: "{{(headless ? "None" : "10.1.0.1")}}"
          selector: { app: {{app}} }
          ports: [{ name: http, port: 80, targetPort: 8080 }, { name: tcp-b, port: 81, targetPort: 8081 }]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{app}}-1, namespace: {{ns}}, labels: { kubernetes.io/service-name: {{app}} } }
        addressType: IPv4
        ports: [{ name: http, port: 8080 }, { name: tcp-b, port: 8081 }]
        endpoints:
        - { addresses: [10.0.0.1], conditions: { ready: true }, targetRef: { kind: Pod, name: {{app}}-0, namespace: {{ns}} } }
        - { addresses: [10.0.0.2], conditions: { ready: true }, targetRef: { kind: Pod, name: {{app}}-1, namespace: {{ns}} } }
        {{first(ns, app + "-0", "10.0.0.1")}}{{second(ns, app + "-1", "10.0.0.2")}}
        """);

    private static readonly Gen<string[]> Mesh = Gen.Select(Service.Array[1, 6], Gen.OneOf(Rule, Sidecar, PeerAuthentication, VirtualService).Array[0, 12])
        .Select((services, policies) => services.Concat(policies.Select((policy, index) => policy.Replace("NAME", $"policy-{index:D2}", StringComparison.Ordinal))).ToArray());

    [Fact]
    public void Taken_apart_the_verdicts_say_of_each_connection_what_the_rules_say() => Mesh.Sample(
        documents =>
        {
            var snapshot = Read(documents);
            Assert.Equal(OneByOne(snapshot).Order(StringComparer.Ordinal), TakenApart(snapshot).Order(StringComparer.Ordinal));
        },
        iter: 3000);

    [Fact]
    public void The_order_of_objects_never_matters() => Mesh.SelectMany(documents => Gen.Shuffle(documents.DistinctBy(Key).ToArray()).Select(shuffled => (documents, shuffled))).Sample(
        (documents, shuffled) => Assert.Equal(Texts(Read(documents.DistinctBy(Key).ToArray())), Texts(Read(shuffled))),
        iter: 1000);

    [Fact]
    public void A_policy_for_workloads_that_are_not_there_changes_no_verdict() => Gen.Select(Mesh, Namespace, Mode, Tls).Sample(
        (documents, ns, mode, tls) =>
        {
            string[] irrelevant =
            [
                Object("security.istio.io/v1", "PeerAuthentication", ns, $"{{ selector: {{ matchLabels: {{ app: nobody }} }}, mtls: {{ mode: {mode} }} }}"),
                Object("networking.istio.io/v1", "DestinationRule", ns, $"{{ host: nobody.{ns}.svc.cluster.local, trafficPolicy: {tls} }}"),
                Object("networking.istio.io/v1", "DestinationRule", "elsewhere", $"{{ host: '*', trafficPolicy: {tls}, exportTo: [elsewhere] }}"),
                Object("networking.istio.io/v1", "Sidecar", "elsewhere", "{ egress: [{ hosts: ['./*'] }] }"),
            ];
            Assert.Equal(Texts(Read(documents)), Texts(Read([.. documents, .. irrelevant])));
        },
        iter: 1000);

    private static Gen<string> OneOf(params string[] values) => Gen.OneOf(values.Select(value => (IGen<string>)Gen.Const(value)).ToArray());

    private static string Object(string apiVersion, string kind, string ns, string spec) =>
        $"---\napiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{ name: NAME, namespace: {ns} }}\nspec: {spec}\n";

    // Of two documents of one object, the later counts: which that is must not depend on the order.
    private static string Key(string document)
    {
        var lines = document.Split('\n');
        return lines[2] + lines[3].Split(", annotations", 2)[0].TrimEnd(' ', '}');
    }

    // The pods of a namespace are one client or several; what tells them apart is the label app.
    private static IEnumerable<string> TakenApart(MeshSnapshot snapshot)
    {
        var resolver = new MeshTlsResolver(snapshot);
        foreach (var service in snapshot.Services)
        {
            foreach (var pod in snapshot.Pods)
            {
                foreach (var verdict in resolver.Resolve(service, client => client.Pods.Contains(pod)))
                    yield return Text(pod, service, verdict.Port, verdict.Sends, verdict.Status);
            }

            // All clients at once say the same as one client at a time.
            var names = resolver.Resolve(service, _ => true).SelectMany(verdict => verdict.Clients.Select(client => $"{verdict.Port} {client} {verdict.Sends} {verdict.Status}")).Order(StringComparer.Ordinal).ToArray();
            var single = snapshot.Pods.SelectMany(pod => resolver.Resolve(service, client => client.Pods.Contains(pod)))
                .SelectMany(verdict => verdict.Clients.Select(client => $"{verdict.Port} {client} {verdict.Sends} {verdict.Status}")).Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(single, names);
        }
    }

    private static IEnumerable<string> OneByOne(MeshSnapshot snapshot)
    {
        var mesh = new MeshResolution(snapshot);
        foreach (var service in snapshot.Services)
        {
            var registered = mesh.Registry.Find(HostName.Of(service, snapshot.ClusterDomain))!;
            foreach (var client in snapshot.Pods)
            {
                foreach (var port in registered.Ports)
                {
                    var connections = port.Endpoints.Select(endpoint => Connect(mesh, client, registered, port, endpoint)).Distinct().ToArray();
                    var sends = connections.Select(connection => connection.Sends).Distinct().ToArray();
                    var statuses = connections.Select(connection => connection.Status).Distinct().ToArray();
                    yield return Text(
                        client, service, port.Number, sends is [var sent] ? sent : connections.Length == 0 ? ClientSends.Plaintext : ClientSends.Mixed,
                        statuses is [var status] ? status : statuses.Length == 0 ? TlsStatus.NoEndpoints : TlsStatus.Mixed);
                }
            }
        }
    }

    private static (ClientSends Sends, TlsStatus Status) Connect(MeshResolution mesh, PodRecord client, RegisteredService service, RegisteredPort port, RegisteredEndpoint endpoint)
    {
        var inbound = endpoint.Pod is { HasSidecar: true, IsGateway: false } pod ? mesh.PeerAuthentication.Resolve(pod.Namespace, pod.Labels, endpoint.Port).Mode : MutualTlsMode.Unset;
        var sends = ClientSends.Plaintext;
        if (client.HasSidecar)
        {
            var scope = mesh.Scopes.Of(new MeshClient(client.Namespace, client.Labels, HasSidecar: true, [client]) { IsGateway = client.IsGateway });
            if (!scope.Services.Any(seen => seen.Service == service && seen.Ports.Contains(port)))
                return (sends, scope.OutboundTrafficPolicy == "REGISTRY_ONLY" || inbound == MutualTlsMode.Strict ? TlsStatus.Broken : TlsStatus.Plaintext);
            var cluster = new OutboundCluster(mesh, service, port, mesh.DestinationRules.Resolve(client.Namespace, client.Labels, service.Host, service.Namespace), subset: null, client.IsGateway);
            sends = cluster.Transport switch
            {
                ClientTransport.Plaintext => ClientSends.Plaintext,
                ClientTransport.Simple or ClientTransport.Mutual => ClientSends.OwnTls,
                ClientTransport.IstioMutual => ClientSends.MutualTls,
                _ => cluster.UsesMutualTls(endpoint) ? ClientSends.MutualTls : ClientSends.Plaintext,
            };
        }

        return (sends, sends switch
        {
            ClientSends.MutualTls => inbound is MutualTlsMode.Strict or MutualTlsMode.Permissive ? TlsStatus.Secured : TlsStatus.Broken,
            _ when inbound == MutualTlsMode.Strict => TlsStatus.Broken,
            ClientSends.OwnTls => TlsStatus.AppTls,
            _ => TlsStatus.Plaintext,
        });
    }

    private static string Text(PodRecord client, ServiceRecord service, int port, ClientSends sends, TlsStatus status) => $"{client.Key} to {service.Key}:{port} sends {sends}: {status}";

    private static string Texts(MeshSnapshot snapshot)
    {
        var resolver = new MeshTlsResolver(snapshot);
        return string.Join('\n', snapshot.Services.SelectMany(service => resolver.Resolve(service)).Select(verdict => $"{verdict with { Clients = [] }} {string.Join(',', verdict.Clients)}"));
    }
}
