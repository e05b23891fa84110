using System.Runtime.CompilerServices;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>
/// Verifies an installation, as <c>istioctl verify-install</c> did until Istio 1.23, for every version: what is wanted against what is there,
/// readiness, versions, kinds, webhooks and what they answer, revisions. Sends reads and <c>dryRun=All</c> only.
/// </summary>
public sealed class MeshInstallationVerifier(KubernetesApi api)
{
    private readonly AdmissionProbe _probe = new(api);

    /// <summary>
    /// The checks, as they are done. Without <paramref name="request"/> nothing is compared with a definition. A <paramref name="revision"/>
    /// limits the rest to one control plane and its proxies; null takes all that are installed.
    /// </summary>
    /// <exception cref="MeshException">The cluster does not answer, or may not be read.</exception>
    public async IAsyncEnumerable<InstallationCheck> VerifyAsync(
        MeshInstallRequest? request, string? revision, Func<IIstioctl> istioctl, IActivityLog log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request is not null)
        {
            foreach (var check in await DefinitionAsync(request, istioctl, log, cancellationToken))
                yield return check;
        }

        var snapshot = await ClusterSnapshot.ReadAsync(api, log, cancellationToken);
        var deployments = await DeploymentsAsync(cancellationToken);
        var controlPlanes = InstalledControlPlane.Of(deployments).Where(item => revision is null || item.Revision == revision).ToArray();
        var webhooks = snapshot.Webhooks
            .Where(configuration => WebhookCheck.IsIstios(configuration) && (revision is null || configuration.Labels[IstioNames.Revision] == revision))
            .ToArray();
        foreach (var check in Readable(snapshot, deployments, controlPlanes, webhooks, revision))
            yield return check;
        foreach (var reference in KindCheck.Expected)
            yield return await KindAsync(reference, cancellationToken);

        var resolver = new InjectionResolver(webhooks);
        foreach (var ns in snapshot.Namespaces)
        {
            log.Progress(PlanningText.VerifyActivity, ns.Name);
            if (resolver.Resolve(ns.Name, ns.Labels, LabelSet.Empty, LabelSet.Empty, hostNetwork: false).Revision is { } injecting)
                yield return await _probe.InjectAsync(ns.Name, injecting, cancellationToken);
        }

        foreach (var validator in webhooks.Where(configuration => !configuration.IsMutating && configuration.Webhooks.Any(AdmissionProbe.IsValidator)))
            yield return await _probe.ValidateAsync(validator, snapshot.Mesh.RootNamespace, cancellationToken);
    }

    // What is read off what was read.
    private static IEnumerable<InstallationCheck> Readable(
        MeshSnapshot snapshot, IReadOnlyList<KubernetesObject> deployments, InstalledControlPlane[] controlPlanes, WebhookConfiguration[] webhooks, string? revision)
    {
        if (controlPlanes.Length == 0)
            yield return Missing(webhooks, revision);
        var own = controlPlanes.Select(item => item.Deployment).Concat(deployments.Where(ReadinessCheck.IsGateway)).ToArray();
        var known = own.Select(deployment => deployment.Reference.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var deployment in own)
            yield return ReadinessCheck.Of(deployment);
        foreach (var workload in MeshWorkload.Of(snapshot).Where(workload => workload.Injected > 0 && (revision is null || workload.Revisions.Contains(revision))))
        {
            if (!known.Contains(workload.ToString()))
                yield return ReadinessCheck.Of(workload);
            yield return VersionCheck.Of(workload, controlPlanes);
        }

        foreach (var configuration in webhooks)
            yield return WebhookCheck.Of(configuration, snapshot);
        foreach (var check in RevisionCheck.Tags(snapshot with { Webhooks = webhooks }, controlPlanes).Concat(RevisionCheck.Namespaces(snapshot)))
            yield return check;
    }

    private static InstallationCheck Missing(WebhookConfiguration[] webhooks, string? revision)
    {
        var name = revision is null ? "istiod" : $"istiod of revision {revision}";
        return Array.Exists(webhooks, configuration => configuration.Webhooks.Any(webhook => webhook.Url is not null))
            ? InstallationCheck.Unknown(InstallationAspect.Readiness, name, "It runs outside of the cluster.")
            : InstallationCheck.Failed(InstallationAspect.Readiness, name, $"It is not installed: no Deployment has the label app=istiod{(revision is null ? "" : $" and istio.io/rev={revision}")}.");
    }

    private async Task<IReadOnlyList<InstallationCheck>> DefinitionAsync(MeshInstallRequest request, Func<IIstioctl> istioctl, IActivityLog log, CancellationToken cancellationToken)
    {
        try
        {
            return [.. DefinitionCheck.Of(await new MeshPlanner(api, istioctl()).PlanAsync(request, log, cancellationToken))];
        }
        catch (MeshException error) when (error.Id.StartsWith("Istioctl", StringComparison.Ordinal))
        {
            // Without istioctl nobody knows what the control plane should look like; the rest can be verified all the same.
            return [InstallationCheck.Unknown(InstallationAspect.Definition, request.Definition.Product, $"{error.Message} {error.RecommendedAction}")];
        }
    }

    private async Task<IReadOnlyList<KubernetesObject>> DeploymentsAsync(CancellationToken cancellationToken)
    {
        var resource = await api.FindResourceAsync("apps", "Deployment", version: null, cancellationToken);
        var deployments = new List<KubernetesObject>();
        await foreach (var deployment in api.ListAsync(resource!, @namespace: null, ListOptions.All, cancellationToken))
        {
            if (deployment.Label("app") == "istiod" || ReadinessCheck.IsGateway(deployment))
                deployments.Add(deployment);
        }

        return deployments;
    }

    private async Task<InstallationCheck> KindAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return KindCheck.Of(reference, await api.GetAsync(reference, cancellationToken));
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
        {
            return InstallationCheck.Unknown(InstallationAspect.Kind, reference.ToString(), error.Message);
        }
    }
}
