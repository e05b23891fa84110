using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>An answer that is no success: the <c>Status</c> object of the Kubernetes API and its HTTP status.</summary>
/// <param name="code">HTTP status.</param>
/// <param name="reason">Such as <c>NotFound</c>; null where the API gives none.</param>
/// <param name="message">What happened.</param>
public sealed class ApiException(int code, string? reason, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Code { get; } = code;

    /// <summary>Such as <c>NotFound</c>.</summary>
    public string? Reason { get; } = reason;

    /// <summary>What it is about: name, group, kind, causes.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>True where the API server answers with the message alone, as for paths that it does not know.</summary>
    public bool IsPlainText { get; init; }

    /// <summary>For an expired list: the token that continues it at the present state.</summary>
    public string? Continue { get; init; }

    /// <summary>The <c>Status</c> object, its fields in the API server's order.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? [] : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason is not null)
            status["reason"] = Reason;
        if (Details is not null)
            status["details"] = Details.DeepClone();
        status["code"] = Code;
        return status;
    }
}
