using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>istioctl of the sandbox: renders, installs and uninstalls over the API like the program, without a program.</summary>
public sealed class SandboxIstioctl : IIstioctl
{
    /// <summary>The name of the fact in the sandbox's mark that tells which version of Istio it plays.</summary>
    public const string VersionFact = "istioVersion";

    /// <summary>The version that a sandbox plays unless another is asked for.</summary>
    public const string DefaultVersion = "1.30.3";

    internal const string Name = "the sandbox's istioctl";
    internal const string FieldManager = "istio-operator";
    private const string RevisionLabel = "istio.io/rev";
    private const string ComponentLabel = "operator.istio.io/component";

    // What uninstall looks through (operator/pkg/uninstall), in the order in which it removes.
    private static readonly (string Group, string Kind)[] RemovedKinds =
    [
        ("apps", "Deployment"), ("", "Service"), ("", "ConfigMap"), ("policy", "PodDisruptionBudget"), ("", "ServiceAccount"),
        ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "Role"), ("autoscaling", "HorizontalPodAutoscaler"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"), ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ];

    private readonly ClusterConnection _connection;
    private readonly IstioVersion _version;

    private SandboxIstioctl(ClusterConnection connection)
    {
        _connection = connection;
        _version = IstioVersion.TryParse(connection.SandboxFacts.GetValueOrDefault(VersionFact)) ?? IstioVersion.TryParse(DefaultVersion)!;
    }

    /// <summary>What answers for istioctl where the connection carries the sandbox's mark; its version is the one that the mark tells.</summary>
    public static IIstioctl Create(ClusterConnection connection) => new SandboxIstioctl(connection);

    /// <inheritdoc/>
    public string Description => Name;

    /// <inheritdoc/>
    public Task<IstioVersion> GetClientVersionAsync(CancellationToken cancellationToken) => Task.FromResult(_version);

    /// <inheritdoc/>
    public Task<string> GenerateManifestAsync(ControlPlaneRequest request, CancellationToken cancellationToken)
    {
        var manifest = new ControlPlaneManifest(request, _version);
        return Task.FromResult(string.Concat(manifest.Resources.Concat(manifest.Objects).Select(item => YamlWriter.Write(item.Json) + "---\n")));
    }

    /// <summary>A sandbox has no analyzers.</summary>
    public Task<string?> AnalyzeAsync(string? path, IActivityLog log, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task InstallAsync(ControlPlaneRequest request, IActivityLog log, CancellationToken cancellationToken)
    {
        var manifest = new ControlPlaneManifest(request, _version);
        using var api = Connect();
        await CreateNamespaceAsync(api, manifest.Settings.Namespace, cancellationToken);
        await ApplyAsync(api, manifest.Resources, manifest.Settings, log, cancellationToken);
        foreach (var resource in manifest.Resources)
            await UntilAsync(api, resource.Reference, IsEstablished, request.ReadinessTimeout, cancellationToken);
        api.ResetDiscovery();
        await ApplyAsync(api, manifest.Objects, manifest.Settings, log, cancellationToken);
        var istiod = manifest.Objects.First(item => item.Kind == "Deployment").Reference;
        log.Progress("istioctl install", $"Waiting for {istiod}");
        await UntilAsync(api, istiod, IsAvailable, request.ReadinessTimeout, cancellationToken);
        if (await IsDefaultAsync(api, request.Revision, cancellationToken))
            await ApplyAsync(api, manifest.Default, manifest.Settings, log, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string revision, IActivityLog log, CancellationToken cancellationToken)
    {
        using var api = Connect();
        var removed = 0;
        foreach (var (group, kind) in RemovedKinds)
        {
            if (await api.FindResourceAsync(group, kind, version: null, cancellationToken) is not { } resource)
                continue;
            var options = new ListOptions { LabelSelector = $"{RevisionLabel}={revision},{ComponentLabel} in (Pilot,IngressGateways,EgressGateways,Cni,Ztunnel)" };
            foreach (var item in await ListAsync(api, resource, options, cancellationToken))
            {
                log.Progress("istioctl uninstall", $"Removed {item.Reference}");
                removed += await api.DeleteAsync(item.Reference, new DeleteOptions { PropagationPolicy = "Foreground" }, cancellationToken) ? 1 : 0;
            }
        }

        if (removed == 0)
            log.Warning(MeshException.Format(IstioctlText.RevisionNotFound, revision));
    }

    private KubernetesApi Connect() => KubernetesApiFactory.Create(string.Join(Path.PathSeparator, _connection.KubeconfigPaths), _connection.Context);

    private static async Task CreateNamespaceAsync(KubernetesApi api, string name, CancellationToken cancellationToken)
    {
        var ns = new KubernetesObject(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        if (await api.GetAsync(ns.Reference, cancellationToken) is null)
            await api.CreateAsync(ns, new WriteOptions { FieldManager = FieldManager }, cancellationToken);
    }

    private async Task ApplyAsync(KubernetesApi api, IEnumerable<KubernetesObject> items, OperatorSettings settings, IActivityLog log, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            log.Progress("istioctl install", item.Reference.ToString());
            Own(item, settings);
            await api.ApplyAsync(item, new ApplyOptions { FieldManager = FieldManager, Force = true }, cancellationToken);
        }
    }

    // The labels by which uninstall finds what install made (operator/pkg/install).
    private void Own(KubernetesObject item, OperatorSettings settings)
    {
        var labels = item.Json["metadata"]!["labels"]!.AsObject();
        labels["install.operator.istio.io/owning-resource-namespace"] = settings.Namespace;
        labels[RevisionLabel] = settings.Revision;
        labels.TryAdd(ComponentLabel, ((string?)labels["helm.sh/chart"])!.StartsWith("base-", StringComparison.Ordinal) ? "Base" : "Pilot");
        labels["operator.istio.io/managed"] = "Reconcile";
        labels["operator.istio.io/version"] = _version.Text;
    }

    // The default revision stays the default one; the first that is installed becomes it.
    private static async Task<bool> IsDefaultAsync(KubernetesApi api, string revision, CancellationToken cancellationToken)
    {
        var resource = await api.FindResourceAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", version: null, cancellationToken);
        var injectors = await ListAsync(api, resource!, new ListOptions { LabelSelector = RevisionLabel }, cancellationToken);
        var tagged = injectors.FirstOrDefault(item => item.Label("istio.io/tag") == "default") ?? injectors.FirstOrDefault(item => item.Label(RevisionLabel) == "default");
        return revision != "default" && (tagged is null || (tagged.Label("istio.io/tag") is not null && tagged.Label(RevisionLabel) == revision));
    }

    private static async Task<List<KubernetesObject>> ListAsync(KubernetesApi api, ApiResource resource, ListOptions options, CancellationToken cancellationToken)
    {
        var items = new List<KubernetesObject>();
        await foreach (var item in api.ListAsync(resource, null, options, cancellationToken))
            items.Add(item);
        return items;
    }

    private static async Task UntilAsync(KubernetesApi api, ObjectReference reference, Func<KubernetesObject, bool> isReady, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var resource = await api.FindResourceAsync(reference.Group, reference.Kind, version: null, cancellationToken);
        using var timeUp = new CancellationTokenSource(timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        try
        {
            var options = new ListOptions { FieldSelector = $"metadata.name={reference.Name}" };
            await foreach (var change in api.WatchAsync(resource!, reference.Namespace, options, linked.Token))
            {
                if (change.Type is "ADDED" or "MODIFIED" && isReady(change.Object))
                    return;
            }
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw IstioctlErrors.Failed(nameof(IstioctlText.IstioctlInstallFailed), Name, 1, $"timed out while waiting for {reference} to be ready");
        }
    }

    private static bool IsEstablished(KubernetesObject definition) => HasCondition(definition, "Established");

    // As istioctl judges it: all replicas of the newest template are there and available.
    private static bool IsAvailable(KubernetesObject deployment)
    {
        var (spec, status) = (deployment.Json["spec"], deployment.Json["status"]);
        var wanted = (long?)spec?["replicas"] ?? 1;
        return ((long?)status?["observedGeneration"] ?? 0) >= ((long?)deployment.Json["metadata"]?["generation"] ?? 0)
            && ((long?)status?["updatedReplicas"] ?? 0) == wanted
            && ((long?)status?["availableReplicas"] ?? 0) == wanted
            && HasCondition(deployment, "Available");
    }

    private static bool HasCondition(KubernetesObject item, string type) =>
        (item.Json["status"]?["conditions"] as JsonArray ?? []).Any(condition => (string?)condition?["type"] == type && (string?)condition?["status"] == "True");
}
