using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>
/// What istiod does to the cluster while a pod of it is ready: its root certificate goes into its webhooks and into a ConfigMap of each
/// namespace, and validation is closed (<c>pkg/webhooks</c>, <c>security/pkg/k8s/controller</c>). There is one root for the whole sandbox; its
/// key is thrown away, since nothing is signed with it.
/// </summary>
internal sealed class IstiodController : IController
{
    private const string Group = "admissionregistration.k8s.io";
    private const string Manager = "pilot-discovery";
    private const string RootConfigMap = "istio-ca-root-cert";

    private static readonly string[] IgnoredNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

    private readonly Lazy<string> _root;

    internal IstiodController(TimeProvider clock) => _root = new Lazy<string>(() => MakeRoot(clock.GetUtcNow()));

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Type == StoreEventType.Deleted && change.Kind.Kind != "ConfigMap")
            return;
        if (change.Kind.Kind is not ("EndpointSlice" or "Namespace" or "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration")
            && !(change.Kind.Kind == "ConfigMap" && change.Object.Name() == RootConfigMap))
            return;
        var revisions = ReadyRevisions(cluster);
        if (revisions.Count == 0)
            return;
        foreach (var kind in new[] { cluster.Kinds.Get(Group, "MutatingWebhookConfiguration"), cluster.Kinds.Get(Group, "ValidatingWebhookConfiguration") })
        {
            foreach (var configuration in cluster.Store.List(kind).Where(item => revisions.Contains(item.Labels().GetValueOrDefault("istio.io/rev") ?? "")))
                Change(kind, configuration, Patch, cluster);
        }

        foreach (var ns in cluster.Store.List(BuiltInKinds.Namespace).Where(ns => !ns.IsDeleting() && !IgnoredNamespaces.Contains(ns.Name())))
            WriteRoot(ns.Name(), cluster);
    }

    private static HashSet<string> ReadyRevisions(SandboxCluster cluster)
    {
        var ready = cluster.Store.List(cluster.Kinds.Get("discovery.k8s.io", "EndpointSlice"))
            .Where(slice => slice.List("endpoints").Any(endpoint => endpoint.Flag("conditions", "ready")))
            .Select(slice => cluster.Store.Get(BuiltInKinds.Service, slice.Namespace(), slice.Labels().GetValueOrDefault("kubernetes.io/service-name") ?? ""))
            .Where(service => service.Text("spec", "selector", "app") == "istiod");
        return ready.Select(service => service.Text("spec", "selector", "istio.io/rev") ?? "").ToHashSet(StringComparer.Ordinal);
    }

    private void Patch(JsonObject configuration)
    {
        foreach (var webhook in configuration.List("webhooks"))
        {
            webhook.Map("clientConfig")["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(_root.Value));
            if (configuration.Text("kind") == "ValidatingWebhookConfiguration")
                webhook["failurePolicy"] = "Fail";
        }
    }

    private void WriteRoot(string ns, SandboxCluster cluster)
    {
        var data = new JsonObject { ["root-cert.pem"] = _root.Value };
        if (cluster.Store.Get(BuiltInKinds.ConfigMap, ns, RootConfigMap) is { } known)
        {
            Change(BuiltInKinds.ConfigMap, known, item => item["data"] = data, cluster);
            return;
        }

        cluster.Objects.Create(BuiltInKinds.ConfigMap, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = RootConfigMap, ["namespace"] = ns, ["labels"] = new JsonObject { ["istio.io/config"] = "true" } },
            ["data"] = data,
        }, new WriteSettings(Manager));
    }

    private static void Change(ResourceKind kind, JsonObject item, Action<JsonObject> change, SandboxCluster cluster)
    {
        var changed = (JsonObject)item.DeepClone();
        change(changed);
        if (!JsonNode.DeepEquals(item, changed))
            cluster.Objects.Update(kind, changed, new WriteSettings(Manager));
    }

    private static string MakeRoot(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=cluster.local", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var root = request.CreateSelfSigned(now, now.AddYears(10));
        return root.ExportCertificatePem() + "\n";
    }
}
