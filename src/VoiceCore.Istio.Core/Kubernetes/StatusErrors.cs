using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>From an answer of the API server to the error that a person can act on.</summary>
internal static class StatusErrors
{
    /// <summary>Never null for an answer that is no success.</summary>
    internal static MeshException From(ApiRequest request, ApiAnswer answer, ClusterConnection connection)
    {
        var status = ApiStatus.Parse(answer.Body);
        var message = MeshException.Sentence(status.Message);
        return (answer.StatusCode, status.Reason) switch
        {
            // Webhooks and policies choose their own status codes: their words come first.
            _ when Denied(status) => Error(nameof(KubernetesText.AdmissionDenied), MeshErrorCategory.InvalidData, request.Subject, message),
            _ when WebhookFailed(status) => Error(nameof(KubernetesText.AdmissionWebhookFailed), MeshErrorCategory.ResourceUnavailable, request.Subject, message),
            (401, _) => Error(nameof(KubernetesText.ClusterUnauthorized), MeshErrorCategory.AuthenticationError, connection.Server, connection.Context),
            (403, _) => Error(nameof(KubernetesText.ClusterForbidden), MeshErrorCategory.PermissionDenied, request.Verb, request.Subject, message),
            (404, _) when !status.FromApiServer => Error(nameof(KubernetesText.ResourceNotServed), MeshErrorCategory.ObjectNotFound, request.Subject),
            (404, _) => Error(nameof(KubernetesText.ObjectNotFound), MeshErrorCategory.ObjectNotFound, request.Subject, message),
            (409, "AlreadyExists") => Error(nameof(KubernetesText.ObjectExists), MeshErrorCategory.ResourceExists, request.Subject),
            (409, _) when status.Conflicts.Count > 0 => Conflict(request, status.Conflicts),
            (409, _) => Error(nameof(KubernetesText.ObjectChanged), MeshErrorCategory.ResourceExists, request.Subject, message),
            (410, _) => Error(nameof(KubernetesText.ContinueExpired), MeshErrorCategory.InvalidResult, request.Subject, message),
            (422, _) => Error(nameof(KubernetesText.ObjectInvalid), MeshErrorCategory.InvalidData, request.Subject, message),
            (400, _) when request.Body is not null => Error(nameof(KubernetesText.ObjectInvalid), MeshErrorCategory.InvalidData, request.Subject, message),

            ( >= 500, _) when status.IsUnknownField => Error(nameof(KubernetesText.ObjectInvalid), MeshErrorCategory.InvalidData, request.Subject, message),
            (429, _) => Error(nameof(KubernetesText.ClusterBusy), MeshErrorCategory.ResourceBusy, request.Verb, request.Subject, message),
            (501, _) => Error(nameof(KubernetesText.RequestRefused), MeshErrorCategory.NotImplemented, request.Verb, request.Subject, answer.StatusCode, message),
            ( >= 500, _) => Error(nameof(KubernetesText.ClusterUnavailable), MeshErrorCategory.ResourceUnavailable, request.Verb, request.Subject, answer.StatusCode, message),
            _ => Error(nameof(KubernetesText.RequestRefused), MeshErrorCategory.InvalidOperation, request.Verb, request.Subject, answer.StatusCode, message),
        };

        MeshException Error(string id, MeshErrorCategory category, params object?[] arguments) =>
            KubernetesErrors.Create(id, category, request.Target ?? request.Subject, arguments);
    }

    internal static MeshException Conflict(ApiRequest request, IReadOnlyList<FieldConflict> conflicts)
    {
        var owners = conflicts
            .GroupBy(conflict => conflict.Manager, StringComparer.Ordinal)
            .Select(owner => $"{string.Join(", ", owner.Select(conflict => conflict.Field))} ({owner.Key})");
        return KubernetesErrors.Create(
            nameof(KubernetesText.FieldConflict),
            MeshErrorCategory.ResourceExists,
            request.Target ?? request.Subject,
            request.Subject,
            MeshException.Sentence(string.Join("; ", owners)));
    }

    private static bool Denied(ApiStatus status) =>
        (status.Message.StartsWith("admission webhook ", StringComparison.Ordinal) && status.Message.Contains(" denied the request", StringComparison.Ordinal))
        || (status.Message.Contains("ValidatingAdmissionPolicy '", StringComparison.Ordinal) && status.Message.Contains(" denied request: ", StringComparison.Ordinal));

    private static bool WebhookFailed(ApiStatus status) => status.Message.Contains("failed calling webhook", StringComparison.Ordinal);
}
