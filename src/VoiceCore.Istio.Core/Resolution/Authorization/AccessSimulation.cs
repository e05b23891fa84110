using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Who would be cut off if the zero trust of a definition took effect: every caller that runs in a mesh against every service of the
/// definition. A GET of <c>/</c> stands for the requests of a caller, so that policies of others that look at paths or methods count for it only.
/// Whether mutual TLS lets the caller in at all is another question (<c>Test-MeshTls</c>).
/// </summary>
public static class AccessSimulation
{
    /// <summary>One line for each caller and port, by service and caller. A definition in which zero trust is off is judged as if it were on.</summary>
    public static IReadOnlyList<AccessChange> Run(MeshSnapshot snapshot, MeshDefinition definition)
    {
        var enforced = definition with { ZeroTrust = (definition.ZeroTrust ?? new ZeroTrustDefinition()) with { Mode = EnforcementMode.Enforce } };
        var today = new AuthorizationPolicyResolver(snapshot);
        var planned = new AuthorizationPolicyResolver(With(snapshot, Policies(enforced)));
        var listed = MeshDependency.Of(enforced)
            .Where(dependency => dependency.Purpose == DependencyPurpose.Call)
            .Select(dependency => (dependency.Service, dependency.Principal))
            .ToHashSet();
        var callers = Callers(snapshot);

        return
        [
            .. from service in enforced.Services
               let labels = LabelsOf(service, enforced, snapshot)
               from port in service.Ports
               from caller in callers
               let request = Request(caller, port, snapshot)
               select new AccessChange(
                   $"{caller.Namespace}/{caller.Account}",
                   caller.HasSidecar,
                   $"{enforced.Namespace}/{service.Name}",
                   port.TargetPort,
                   caller.HasSidecar && listed.Contains((service.Name, IstioNames.Principal(enforced.Mesh.TrustDomain, caller.Namespace, caller.Account))),
                   today.Decide(enforced.Namespace, labels, request, port.Protocol.IsHttp()).Decision,
                   planned.Decide(enforced.Namespace, labels, request, port.Protocol.IsHttp()).Decision),
        ];
    }

    private static (string Namespace, string Account, bool HasSidecar)[] Callers(MeshSnapshot snapshot) =>
    [
        .. snapshot.Pods
            .Where(pod => !pod.HasEnded)
            .Select(pod => (pod.Namespace, pod.ServiceAccount, pod.HasSidecar))
            .Distinct()
            .Order(),
    ];

    // The labels of its pods; those of the definition as long as it has none.
    private static LabelSet LabelsOf(ServiceDefinition service, MeshDefinition definition, MeshSnapshot snapshot) =>
        snapshot.Pods.FirstOrDefault(pod => pod.Namespace == definition.Namespace && pod.Labels["app"] == service.Name)?.Labels
        ?? LabelSet.Create([KeyValuePair.Create("app", service.Name), KeyValuePair.Create("version", service.Version)]);

    private static AuthorizationRequest Request((string Namespace, string Account, bool HasSidecar) caller, ServicePort port, MeshSnapshot snapshot) => new()
    {
        Principal = caller.HasSidecar ? IstioNames.SpiffeScheme + IstioNames.Principal(snapshot.Mesh.TrustDomain, caller.Namespace, caller.Account) : null,
        Port = port.TargetPort,
        Method = port.Protocol.IsHttp() ? "GET" : null,
        Path = port.Protocol.IsHttp() ? "/" : null,
    };

    private static IReadOnlyList<AuthorizationPolicy> Policies(MeshDefinition definition)
    {
        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "List",
            ["items"] = new JsonArray(
            [
                .. MeshRenderer.Render(definition, new RenderOptions { Revision = "default" }).Objects
                    .Where(item => item.Object.Kind == "AuthorizationPolicy" && item.Object.Namespace == definition.Namespace)
                    .Select(item => item.Object.Json.DeepClone()),
            ]),
        };
        var reader = new MeshSnapshotReader(definition.Namespace);
        reader.AddJson(System.Text.Encoding.UTF8.GetBytes(list.ToJsonString()), definition.Product);
        return reader.Build().AuthorizationPolicies;
    }

    private static MeshSnapshot With(MeshSnapshot snapshot, IReadOnlyList<AuthorizationPolicy> policies)
    {
        var replaced = policies.Select(policy => policy.Key).ToHashSet();
        return snapshot with
        {
            AuthorizationPolicies = [.. snapshot.AuthorizationPolicies.Where(policy => !replaced.Contains(policy.Key)), .. policies],
        };
    }
}
