namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A webhook that Kubernetes calls for a pod.</summary>
/// <param name="Configuration">The MutatingWebhookConfiguration.</param>
/// <param name="Name">The webhook in it, such as <c>rev.namespace.sidecar-injector.istio.io</c>.</param>
/// <param name="Revision">The revision that answers (label <c>istio.io/rev</c> of the configuration).</param>
/// <param name="Tag">The revision tag that the configuration serves; null where it serves the revision itself.</param>
/// <param name="ServiceNamespace">Namespace of the service that answers; empty for a URL.</param>
/// <param name="Service">The service that answers; empty for a URL.</param>
public sealed record InjectionWebhook(string Configuration, string Name, string Revision, string? Tag, string ServiceNamespace, string Service);

/// <summary>Whether a pod gets a sidecar when it is created, from whom, and why.</summary>
/// <param name="Webhooks">The webhooks whose selectors match; more than one is a fault of the installation.</param>
/// <param name="InjectorAccepts">What the injector makes of the pod, if it is asked.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record InjectionVerdict(IReadOnlyList<InjectionWebhook> Webhooks, bool InjectorAccepts, string Reason)
{
    /// <summary>True where a webhook is called and the injector accepts.</summary>
    public bool Injected => Webhooks.Count > 0 && InjectorAccepts;

    /// <summary>The revision of the sidecar; null without one.</summary>
    public string? Revision => Injected ? Webhooks[0].Revision : null;
}
