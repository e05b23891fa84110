using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Sandbox.Istioctl;

/// <summary>
/// The webhooks of a control plane, with the selectors that Istio gives them (charts <c>istio-control/istio-discovery</c>,
/// <c>mutatingwebhook.yaml</c>, <c>revision-tags-mwc.yaml</c>, <c>validatingwebhookconfiguration.yaml</c>).
/// </summary>
internal static class IstioWebhooks
{
    private const string Api = "admissionregistration.k8s.io/v1";
    private const string RevisionLabel = "istio.io/rev";
    private const string InjectionLabel = "istio-injection";
    private const string InjectLabel = "sidecar.istio.io/inject";
    private const string DefaultTag = "default";

    /// <summary>The revision's own injector. That of the revision <c>default</c> answers <c>istio-injection=enabled</c> too.</summary>
    internal static KubernetesObject Injector(OperatorSettings settings, ManifestObject manifest) =>
        manifest.OfRevision(Api, "MutatingWebhookConfiguration", null, settings.Named("istio-sidecar-injector"), Injectors(settings, settings.Revision), app: "sidecar-injector");

    /// <summary>The revision's own validator, of objects that name the revision.</summary>
    internal static KubernetesObject Validator(OperatorSettings settings, ManifestObject manifest)
    {
        var validator = manifest.Shared(
            Api, "ValidatingWebhookConfiguration", null, $"{settings.Named("istio-validator")}-{settings.Namespace}",
            Validation(settings, "rev.validation.istio.io", Expression(RevisionLabel, "In", settings.Revision)));
        SetLabels(validator, ("istio", "istiod"), (RevisionLabel, settings.Revision));
        return validator;
    }

    /// <summary>
    /// What makes a revision the default one: an injector and a validator of its own, and since Istio 1.28 a Service that names istiod of
    /// the tag. istioctl installs them with the first revision (<c>operator/pkg/webhook</c>).
    /// </summary>
    internal static IEnumerable<KubernetesObject> Default(OperatorSettings settings, ManifestObject manifest)
    {
        var injector = manifest.OfRevision(Api, "MutatingWebhookConfiguration", null, "istio-revision-tag-default", Injectors(settings, DefaultTag), app: "sidecar-injector");
        var validator = manifest.OfRevision(
            Api, "ValidatingWebhookConfiguration", null, "istiod-default-validator",
            Validation(settings, "validation.istio.io", Expression(RevisionLabel, "DoesNotExist")), app: "istiod", istio: "istiod");
        var service = manifest.OfRevision("v1", "Service", settings.Namespace, "istiod-revision-tag-default", Istiod.ServiceBody(settings), app: "istiod", istio: "pilot");
        foreach (var item in new[] { injector, validator, service })
        {
            SetLabels(item, ("istio.io/tag", DefaultTag), ("install.operator.istio.io/owning-resource-not-pruned", "true"));
            yield return item;
        }
    }

    private static JsonObject Injectors(OperatorSettings settings, string name)
    {
        var notRefused = Expression(InjectLabel, "NotIn", "false");
        var webhooks = new JsonArray(
            Injector(settings, "rev.namespace", [Expression(RevisionLabel, "In", name), Expression(InjectionLabel, "DoesNotExist")], [notRefused]),
            Injector(
                settings, "rev.object",
                [Expression(RevisionLabel, "DoesNotExist"), Expression(InjectionLabel, "DoesNotExist")],
                [notRefused.DeepClone(), Expression(RevisionLabel, "In", name)]));
        if (name == DefaultTag)
        {
            webhooks.Add(Injector(settings, "namespace", [Expression(InjectionLabel, "In", "enabled")], [notRefused.DeepClone()]));
            webhooks.Add(Injector(
                settings, "object",
                [Expression(InjectionLabel, "DoesNotExist"), Expression(RevisionLabel, "DoesNotExist")],
                [Expression(InjectLabel, "In", "true"), Expression(RevisionLabel, "DoesNotExist")]));
        }

        return new JsonObject { ["webhooks"] = webhooks };
    }

    private static JsonObject Injector(OperatorSettings settings, string name, JsonArray namespaces, JsonArray objects) => new()
    {
        ["name"] = name + ".sidecar-injector.istio.io",
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["clientConfig"] = new JsonObject
        {
            ["service"] = new JsonObject { ["name"] = settings.Named("istiod"), ["namespace"] = settings.Namespace, ["path"] = "/inject", ["port"] = 443 },
        },
        ["failurePolicy"] = "Fail",
        ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = namespaces },
        ["objectSelector"] = new JsonObject { ["matchExpressions"] = objects },
        ["reinvocationPolicy"] = "Never",
        ["rules"] = new JsonArray(new JsonObject
        {
            ["apiGroups"] = new JsonArray(""),
            ["apiVersions"] = new JsonArray("v1"),
            ["operations"] = new JsonArray("CREATE"),
            ["resources"] = new JsonArray("pods"),
        }),
        ["sideEffects"] = "None",
    };

    private static JsonObject Validation(OperatorSettings settings, string name, JsonObject objects) => new()
    {
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["clientConfig"] = new JsonObject
            {
                ["service"] = new JsonObject { ["name"] = settings.Named("istiod"), ["namespace"] = settings.Namespace, ["path"] = "/validate" },
            },

            // istiod sets it to Fail when it is ready.
            ["failurePolicy"] = "Ignore",
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(objects) },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray("security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"),
                ["apiVersions"] = new JsonArray("*"),
                ["operations"] = new JsonArray("CREATE", "UPDATE"),
                ["resources"] = new JsonArray("*"),
            }),
            ["sideEffects"] = "None",
        }),
    };

    private static JsonObject Expression(string key, string @operator, params string[] values)
    {
        var expression = new JsonObject { ["key"] = key, ["operator"] = @operator };
        if (values.Length > 0)
            expression["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        return expression;
    }

    private static void SetLabels(KubernetesObject item, params (string Key, string Value)[] labels)
    {
        foreach (var (key, value) in labels)
            item.Json["metadata"]!["labels"]![key] = value;
    }
}
