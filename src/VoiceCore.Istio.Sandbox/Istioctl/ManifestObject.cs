using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>Makes the objects of a control plane with the labels that Istio's charts put on them.</summary>
/// <param name="version">Istio's version.</param>
/// <param name="revision">The control plane's revision.</param>
internal sealed class ManifestObject(string version, string revision)
{
    /// <summary>An object of the chart <c>base</c>: kept when a revision goes.</summary>
    internal KubernetesObject Base(string apiVersion, string kind, string? ns, string name, JsonObject body, string? app = null) =>
        Make(apiVersion, kind, ns, name, body, "base", app ?? "istiod", app);

    /// <summary>An object of istiod that names neither revision nor component until it is installed.</summary>
    internal KubernetesObject Shared(string apiVersion, string kind, string? ns, string name, JsonObject body, string app = "istiod") =>
        Make(apiVersion, kind, ns, name, body, "istiod", app, app);

    /// <summary>An object of one revision of istiod.</summary>
    internal KubernetesObject OfRevision(string apiVersion, string kind, string? ns, string name, JsonObject body, string? app = null, string? istio = null)
    {
        var made = Make(apiVersion, kind, ns, name, body, "istiod", "istiod", app);
        var labels = made.Json["metadata"]!["labels"]!.AsObject();
        if (istio is not null)
            labels["istio"] = istio;
        foreach (var (key, value) in RevisionLabels())
            labels[key] = value;
        return made;
    }

    /// <summary>The labels that tell what an object belongs to.</summary>
    internal Dictionary<string, string> RevisionLabels() => new()
    {
        ["install.operator.istio.io/owning-resource"] = "unknown",
        ["istio.io/rev"] = revision,
        ["operator.istio.io/component"] = "Pilot",
    };

    /// <summary>The labels that Helm's charts put on everything.</summary>
    internal JsonObject ChartLabels(string chart, string name) => new()
    {
        ["app.kubernetes.io/instance"] = "istio",
        ["app.kubernetes.io/managed-by"] = "Helm",
        ["app.kubernetes.io/name"] = name,
        ["app.kubernetes.io/part-of"] = "istio",
        ["app.kubernetes.io/version"] = version,
        ["helm.sh/chart"] = $"{chart}-{version}",
    };

    private KubernetesObject Make(string apiVersion, string kind, string? ns, string name, JsonObject body, string chart, string appName, string? app)
    {
        var labels = ChartLabels(chart, appName);
        labels["release"] = "istio";
        if (app is not null)
            labels["app"] = app;
        var metadata = new JsonObject { ["name"] = name, ["labels"] = labels };
        if (ns is not null)
            metadata["namespace"] = ns;
        var json = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
        foreach (var (key, value) in body)
            json[key] = value?.DeepClone();
        return new KubernetesObject(json);
    }
}
