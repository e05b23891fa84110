using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>Reads the snapshot of a cluster: paged lists of what decides about the mesh. Secrets are not asked for.</summary>
public static class ClusterSnapshot
{
    private static readonly (string Group, string Kind, ListOptions Options)[] Kinds =
    [
        ("", "Namespace", ListOptions.All),
        ("", "Service", ListOptions.All),
        ("", "Pod", ListOptions.All),
        ("apps", "Deployment", ListOptions.All),
        ("discovery.k8s.io", "EndpointSlice", ListOptions.All),
        // istiod's configuration carries the label of its revision.
        ("", "ConfigMap", new ListOptions { LabelSelector = IstioNames.Revision }),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", ListOptions.All),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", ListOptions.All),
        ("security.istio.io", "PeerAuthentication", ListOptions.All),
        ("security.istio.io", "RequestAuthentication", ListOptions.All),
        ("security.istio.io", "AuthorizationPolicy", ListOptions.All),
        ("networking.istio.io", "DestinationRule", ListOptions.All),
        ("networking.istio.io", "VirtualService", ListOptions.All),
        ("networking.istio.io", "Gateway", ListOptions.All),
        ("networking.istio.io", "Sidecar", ListOptions.All),
        ("networking.istio.io", "ServiceEntry", ListOptions.All),
        ("networking.istio.io", "WorkloadEntry", ListOptions.All),
        ("networking.istio.io", "EnvoyFilter", ListOptions.All),
        ("networking.istio.io", "ProxyConfig", ListOptions.All),
        ("telemetry.istio.io", "Telemetry", ListOptions.All),
        ("extensions.istio.io", "WasmPlugin", ListOptions.All),
        ("gateway.networking.k8s.io", "Gateway", ListOptions.All),
        ("gateway.networking.k8s.io", "HTTPRoute", ListOptions.All),
        ("gateway.networking.k8s.io", "GRPCRoute", ListOptions.All),
        ("gateway.networking.k8s.io", "ReferenceGrant", ListOptions.All),
        ("apiextensions.k8s.io", "CustomResourceDefinition", new ListOptions { MetadataOnly = true }),
        ("argoproj.io", "Rollout", ListOptions.All),
        ("flagger.app", "Canary", ListOptions.All),
    ];

    private const string IstioGroups = ".istio.io";

    // Of other products, or of the cluster: who may see the mesh may not see these, and the mesh can be judged without them.
    private static readonly string[] Others = ["argoproj.io", "flagger.app", "apiextensions.k8s.io"];

    /// <summary>The snapshot of all namespaces. Kinds that the cluster does not serve are left out.</summary>
    /// <exception cref="MeshException">Such as <c>ClusterForbidden</c>: a kind may not be listed; or <c>ClusterUnreachable</c>.</exception>
    public static async Task<MeshSnapshot> ReadAsync(KubernetesApi api, IActivityLog log, CancellationToken cancellationToken)
    {
        var context = api.Connection.Context;
        var reader = new MeshSnapshotReader();
        var taken = api.Now;
        var hasIstio = false;
        var unlisted = new List<string>();
        for (var i = 0; i < Kinds.Length; i++)
        {
            var (group, kind, options) = Kinds[i];
            log.Progress(SnapshotText.ReadActivity, kind, 100 * i / Kinds.Length);
            if (await api.FindResourceAsync(group, kind, version: null, cancellationToken) is not { } resource)
                continue;
            hasIstio |= group.EndsWith(IstioGroups, StringComparison.Ordinal);
            try
            {
                if (options.MetadataOnly)
                {
                    await foreach (var item in api.ListAsync(resource, @namespace: null, options, cancellationToken))
                        reader.AddCustomResource(item.Name, item.Annotation(CustomResourceRecord.BundleAnnotation));
                    continue;
                }

                await foreach (var page in api.ListPagesAsync(resource, @namespace: null, options, cancellationToken))
                    reader.AddJson(page, context, resource.ApiVersion, kind);
            }
            catch (MeshException error) when (Others.Contains(group) && error.Id == nameof(KubernetesText.ClusterForbidden))
            {
                log.Verbose(error.Message);
                unlisted.Add(kind);
            }
        }

        if (!hasIstio)
            log.Warning(MeshException.Format(SnapshotText.NoIstio, api.Connection));
        return reader.Build() with { Source = context, IsComplete = true, Taken = taken, Unlisted = unlisted };
    }
}
