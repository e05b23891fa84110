using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Settings of istiod that cannot hold: certificates that it refuses or that expire before they are replaced, and keys that it fetches from
/// anywhere; and definitions of kinds that it does not read. Sources: pkg/config/analysis/analyzers/authn/blockedcidrs.go,
/// k8sgateway/crdversion.go and deprecation/deprecation.go, and <see cref="CertificateMeaning"/>.
/// </summary>
internal sealed class ControlPlaneRule : IMeshRule
{
    private const int ShownNames = 5;

    // The releases of the Gateway API from which on Istio 1.31 reads a kind (pkg/config/schema/gatewayapi of Istio).
    private static readonly Dictionary<string, Version> Minimum = new(StringComparer.Ordinal)
    {
        ["grpcroutes.gateway.networking.k8s.io"] = new(1, 1, 0),
        ["backendtlspolicies.gateway.networking.k8s.io"] = new(1, 4, 0),
        ["tlsroutes.gateway.networking.k8s.io"] = new(1, 5, 0),
        ["tcproutes.gateway.networking.k8s.io"] = new(1, 6, 0),
    };

    private static readonly string[] Dropped = ["clusterrbacconfigs", "rbacconfigs", "serviceroles", "servicerolebindings"];

    public IEnumerable<Finding> Check(MeshIndex mesh) => OfSettings(mesh).Concat(mesh.Snapshot.CustomResources.SelectMany(OfDefinition));

    private static IEnumerable<Finding> OfDefinition(CustomResourceRecord definition)
    {
        var subject = $"CustomResourceDefinition {definition.Name}";
        if (definition.Name.Split('.', 2) is [var kind, "rbac.istio.io"] && Dropped.Contains(kind))
            yield return ControlPlaneFindings.DefinitionDropped.At(subject, definition.Name);
        if (Minimum.TryGetValue(definition.Name, out var minimum) && Release(definition.BundleVersion) is { } release && release < minimum)
            yield return ControlPlaneFindings.DefinitionTooOld.At(subject, definition.Name, definition.BundleVersion, minimum);
    }

    // A candidate of a release counts as the release, and v1.4 is v1.4.0 (semver.NewVersion).
    private static Version? Release(string text)
    {
        var parts = text.TrimStart('v').Split('-', '+')[0].Split('.');
        return parts.Length <= 3 && Version.TryParse(string.Join('.', parts.Concat(["0", "0"]).Take(3)), out var release) ? release : null;
    }

    private static IEnumerable<Finding> OfSettings(MeshIndex mesh)
    {
        var policies = mesh.Snapshot.RequestAuthentications.Select(policy => policy.Key).ToArray();
        foreach (var deployment in mesh.Snapshot.Deployments.Where(deployment => deployment.Labels["app"] == "istiod"))
        {
            var subject = $"Deployment {deployment.Key}";
            if (policies.Length > 0 && string.IsNullOrEmpty(deployment.Settings["BLOCKED_CIDRS_IN_JWKS_URIS"]))
            {
                var names = MeshIndex.Shown(policies, ShownNames);
                yield return ControlPlaneFindings.JwksUnrestricted.At(subject, policies.Length, names);
            }

            if (Certificates(mesh.Snapshot.Mesh.ProxyMetadata, deployment.Settings) is not { } settings)
                continue;
            foreach (var finding in CertificateMeaning.Of(settings).Findings)
                yield return finding with { Subject = $"{subject} ({finding.Subject})" };
        }
    }

    // What the proxies ask for and what istiod grants; null where nothing of it is set.
    private static CertificateSettings? Certificates(LabelSet proxy, LabelSet istiod)
    {
        var standard = CertificateSettings.Default;
        var settings = standard with
        {
            Lifetime = Time(proxy["SECRET_TTL"]) ?? standard.Lifetime,
            GraceRatio = Number(proxy["SECRET_GRACE_PERIOD_RATIO"]) ?? standard.GraceRatio,
            Jitter = Number(proxy["SECRET_GRACE_PERIOD_RATIO_JITTER"]) ?? standard.Jitter,
            MaxLifetime = Time(istiod["MAX_WORKLOAD_CERT_TTL"]) ?? standard.MaxLifetime,
        };
        return settings == standard ? null : settings;
    }

    private static TimeSpan? Time(string? text) => text is not null && GoDuration.TryParse(text, out var time) ? time : null;

    private static double? Number(string? text) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
