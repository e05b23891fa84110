namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads which VirtualServices a Rollout or a Canary steers
/// (https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/, https://docs.flagger.app/usage/how-it-works).
/// </summary>
internal static class TrafficControllerReader
{
    internal static TrafficController Read(string kind, JsonTree json, StringPool pool, string defaultNamespace)
    {
        var metadata = json.Field("metadata");
        var @namespace = metadata?.Text("namespace") is { Length: > 0 } given ? given : defaultNamespace;
        var isRollout = kind == "Rollout";
        var names = isRollout ? OfRollout(json.Field("spec")) : OfCanary(json.Field("spec"));
        return new TrafficController
        {
            Namespace = @namespace,
            Name = metadata?.Text("name") ?? "",
            Tool = isRollout ? ManagingTool.ArgoRollouts : ManagingTool.Flagger,

            // Argo Rollouts takes name.namespace as well.
            VirtualServices = names.OfType<string>()
                .Select(name => name.Split('.') is [var one, var elsewhere] ? $"{elsewhere}/{one}" : $"{@namespace}/{name}")
                .ToArray(),
        };
    }

    private static IEnumerable<string?> OfRollout(JsonTree? spec)
    {
        var istio = spec.Field("strategy").Field("canary").Field("trafficRouting").Field("istio");
        return istio.Items("virtualServices").Select(one => one.Text("name")).Append(istio.Field("virtualService")?.Text("name"));
    }

    // The VirtualService has the name of the service that Flagger makes: the target's unless another is given.
    private static IEnumerable<string?> OfCanary(JsonTree? spec) =>
        spec?.Text("provider") is null or "istio" ? [spec.Field("service")?.Text("name") ?? spec.Field("targetRef")?.Text("name")] : [];
}
