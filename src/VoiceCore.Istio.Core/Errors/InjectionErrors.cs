using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of setting a namespace's injection, each made in one place.</summary>
internal static class InjectionErrors
{
    internal static MeshException NamespaceNotFound(string ns) =>
        Error(nameof(InjectionText.NamespaceNotFound), MeshErrorCategory.ObjectNotFound, ns, null, ns);

    internal static MeshException RevisionNotInstalled(string ns, InjectionChoice choice, IEnumerable<string> installed)
    {
        var names = string.Join(", ", installed.Distinct().Order(StringComparer.Ordinal));
        return Error(nameof(InjectionText.RevisionNotInstalled), MeshErrorCategory.ObjectNotFound, choice.Value, null, choice, ns, names.Length > 0 ? names : "none");
    }

    internal static MeshException NotInjectable(string ns, string reason) =>
        Error(nameof(InjectionText.NamespaceNotInjectable), MeshErrorCategory.InvalidArgument, ns, null, ns, reason);

    internal static MeshException Twice(string ns, string reason) =>
        Error(nameof(InjectionText.InjectionTwice), MeshErrorCategory.InvalidOperation, ns, null, ns, reason);

    internal static MeshException ServiceMissing(string ns, InjectionWebhook webhook) => Error(
        nameof(InjectionText.InjectionServiceMissing), MeshErrorCategory.ObjectNotFound, webhook.Configuration, null,
        ns, webhook.Configuration, $"{webhook.ServiceNamespace}/{webhook.Service}", webhook.Revision);

    internal static MeshException Contradicted(InjectionChange change, MeshException inner) => Error(
        nameof(InjectionText.InjectionContradicted), MeshErrorCategory.InvalidResult, change.Namespace, inner,
        change.Namespace, change.After, inner.Message, change.Before.Length > 0 ? change.Before : "none");

    private static MeshException Error(string id, MeshErrorCategory category, object? target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(InjectionText.ResourceManager, id, category, target, inner, arguments);
}
