using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Who injects a sidecar into a pod: first Kubernetes compares the selectors of the webhooks, then the injector looks at the pod.
/// The webhooks are those of the cluster, not those that Istio's charts would make.
/// Source: pkg/kube/inject/inject.go (<c>injectRequired</c>), manifests/charts/istio-control/istio-discovery/templates.
/// </summary>
public sealed class InjectionResolver
{
    /// <summary>Namespaces that the injector leaves alone, whatever the labels. Source: pkg/kube/inject/initializer.go.</summary>
    public static readonly IReadOnlyCollection<string> IgnoredNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

    private const string Enabled = "enabled";

    private static readonly InjectorRecord Usual = new() { Namespace = "", Name = InjectorRecord.DefaultName };

    private readonly (InjectionWebhook Webhook, LabelSelector Namespaces, LabelSelector Objects, IReadOnlyList<string> Conditions)[] _webhooks;
    private readonly IReadOnlyList<InjectorRecord> _injectors;

    /// <summary>Takes Istio's mutating webhooks out of all webhook configurations, and the settings of the injectors behind them where they are known.</summary>
    public InjectionResolver(IEnumerable<WebhookConfiguration> configurations, IReadOnlyList<InjectorRecord>? injectors = null)
    {
        _injectors = injectors ?? [];
        _webhooks = configurations
            .Where(configuration => configuration.IsMutating)
            .OrderBy(configuration => configuration.Name, StringComparer.Ordinal)
            .SelectMany(configuration => configuration.Webhooks
                .Where(webhook => webhook.Name.EndsWith(".istio.io", StringComparison.Ordinal))
                .Select(webhook => (
                    new InjectionWebhook(
                        configuration.Name,
                        webhook.Name,
                        configuration.Labels[IstioNames.Revision] ?? "",
                        configuration.Labels[IstioNames.Tag],
                        webhook.ServiceNamespace,
                        webhook.ServiceName),
                    webhook.NamespaceSelector,
                    webhook.ObjectSelector,
                    webhook.MatchConditions)))
            .ToArray();
    }

    /// <summary>All webhooks that can inject.</summary>
    public IEnumerable<InjectionWebhook> Webhooks => _webhooks.Select(entry => entry.Webhook);

    /// <summary>What happens to a pod that is created now.</summary>
    public InjectionVerdict Resolve(
        string @namespace, LabelSet namespaceLabels, LabelSet podLabels, LabelSet podAnnotations, bool hostNetwork)
    {
        var entries = _webhooks.Where(entry => entry.Namespaces.Matches(namespaceLabels) && entry.Objects.Matches(podLabels)).ToArray();
        var matched = Array.ConvertAll(entries, entry => entry.Webhook);
        var conditions = entries.SelectMany(entry => entry.Conditions).ToArray();
        var refusal = WhyInjectorRefuses(@namespace, podLabels, podAnnotations, hostNetwork, matched.Length > 0 ? InjectorOf(matched[0]) : Usual);
        var reason = matched switch
        {
            [] => WhyNoWebhook(namespaceLabels, podLabels),
            _ when refusal is not null => refusal,
            [var one] => WhyInjected(one, namespaceLabels, podLabels),
            _ => $"{matched.Length} webhooks inject at once: {string.Join(", ", matched.Select(webhook => webhook.Configuration))}.",
        };
        // What CEL makes of a pod only the API server says.
        return new(matched, refusal is null, conditions.Length == 0 ? reason : $"{reason} That is if matchConditions of the webhook hold ({string.Join(", ", conditions)}), which is not decided here.");
    }

    /// <summary>True where a webhook serves namespaces with the label <c>istio.io/rev</c> of this value (a revision or a tag).</summary>
    public bool Serves(string revisionOrTag) =>
        _webhooks.Any(entry => entry.Namespaces.Matches(LabelSet.Create([new(IstioNames.Revision, revisionOrTag)])));

    private InjectorRecord InjectorOf(InjectionWebhook webhook)
    {
        var name = webhook.Revision is "" or "default" ? InjectorRecord.DefaultName : $"{InjectorRecord.DefaultName}-{webhook.Revision}";
        return _injectors.FirstOrDefault(injector => injector.Name == name && (webhook.ServiceNamespace.Length == 0 || injector.Namespace == webhook.ServiceNamespace)) ?? Usual;
    }

    private static string? WhyInjectorRefuses(string @namespace, LabelSet labels, LabelSet annotations, bool hostNetwork, InjectorRecord injector)
    {
        if (hostNetwork)
            return "The pod uses the node's network.";
        if (IgnoredNamespaces.Contains(@namespace))
            return $"The injector leaves namespace {@namespace} alone.";
        if (injector.Policy is not (Enabled or "disabled"))
            return $"The injector's policy {injector.Policy} means nothing, which switches it off.";

        // The label replaces the annotation even where its value says nothing; any value but true and false says nothing.
        switch (labels[IstioNames.Inject] ?? annotations[IstioNames.Inject])
        {
            case "true":
                return null;
            case "false":
                return $"The pod's {(labels[IstioNames.Inject] is null ? "annotation" : "label")} {IstioNames.Inject} is false.";
        }

        // A selector that asks for nothing is passed over.
        if (injector.NeverInject.FirstOrDefault(selector => !selector.IsEmpty && selector.Matches(labels)) is { } never)
            return $"The injector's neverInjectSelector ({never}) matches the pod.";
        return injector.Policy == Enabled || injector.AlwaysInject.Any(selector => !selector.IsEmpty && selector.Matches(labels))
            ? null
            : "The injector's policy is disabled, and the pod does not ask for a sidecar.";
    }

    private string WhyNoWebhook(LabelSet namespaceLabels, LabelSet podLabels)
    {
        if (_webhooks.Length == 0)
            return "The cluster has no injection webhook.";
        if (podLabels[IstioNames.Inject] == "false")
            return $"The pod's label {IstioNames.Inject} is false.";
        if (namespaceLabels[IstioNames.Injection] is { } injection)
        {
            var hidden = namespaceLabels[IstioNames.Revision] is { } other ? $", and hides its label {IstioNames.Revision}={other}" : "";
            return injection switch
            {
                "disabled" => $"The namespace's label {IstioNames.Injection}=disabled stops injection{hidden}.",
                "enabled" => $"The namespace has the label {IstioNames.Injection}=enabled{hidden}, but no default revision is installed.",
                _ => $"The namespace's label {IstioNames.Injection} has the value {injection}, which means nothing{hidden}.",
            };
        }

        if (namespaceLabels[IstioNames.Revision] is { } revision)
            return $"No webhook serves the namespace's label {IstioNames.Revision}={revision}.";
        if (podLabels[IstioNames.Revision] is { } podRevision)
            return $"No webhook serves the pod's label {IstioNames.Revision}={podRevision}.";
        return podLabels[IstioNames.Inject] == "true"
            ? $"The pod asks for a sidecar with {IstioNames.Inject}=true, but no default revision is installed."
            : "Neither the namespace nor the pod asks for a sidecar.";
    }

    private static string WhyInjected(InjectionWebhook webhook, LabelSet namespaceLabels, LabelSet podLabels)
    {
        var cause = (namespaceLabels[IstioNames.Injection], namespaceLabels[IstioNames.Revision], podLabels[IstioNames.Revision]) switch
        {
            ({ } injection, { } hidden, _) => $"The namespace's label {IstioNames.Injection}={injection} (which hides {IstioNames.Revision}={hidden})",
            ({ } injection, null, _) => $"The namespace's label {IstioNames.Injection}={injection}",
            (null, { } revision, _) => $"The namespace's label {IstioNames.Revision}={revision}",
            (null, null, { } revision) => $"The pod's label {IstioNames.Revision}={revision}",
            _ when podLabels[IstioNames.Inject] is { } inject => $"The pod's label {IstioNames.Inject}={inject}",
            _ => "Injection of all namespaces by default",
        };
        return $"{cause} selects revision {webhook.Revision}.";
    }
}
