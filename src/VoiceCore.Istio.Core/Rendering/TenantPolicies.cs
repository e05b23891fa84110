using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>Who a tenant is: a claim of a verified token, which reaches the limits as a header that clients cannot forge.</summary>
internal static class TenantPolicies
{
    /// <summary>The key of the tenant in descriptors.</summary>
    internal const string Key = "tenant";

    /// <summary>Puts the tenant into a descriptor.</summary>
    internal static JsonObject Action(TenantIdentity tenant) => new()
    {
        ["request_headers"] = new JsonObject { ["header_name"] = tenant.Header, ["descriptor_key"] = Key },
    };

    internal static JsonObject Authentication(TenantIdentity tenant, GatewayDefinition ingress) => new()
    {
        ["selector"] = new JsonObject { ["matchLabels"] = GatewayRenderer.Selector(ingress) },
        ["jwtRules"] = new JsonArray(new JsonObject
        {
            ["issuer"] = tenant.Issuer,
            ["jwksUri"] = tenant.JwksUri,
            ["audiences"] = tenant.Audiences.Count == 0 ? null : new JsonArray([.. tenant.Audiences.Select(audience => JsonValue.Create(audience))]),
            ["forwardOriginalToken"] = true,
            ["outputClaimToHeaders"] = new JsonArray(new JsonObject { ["header"] = tenant.Header, ["claim"] = tenant.Claim }),
        }),
    };

    // Without it a client would get round its quota by leaving the token out.
    internal static JsonObject TokenRequired(TenantIdentity tenant, GatewayDefinition ingress) => new()
    {
        ["selector"] = new JsonObject { ["matchLabels"] = GatewayRenderer.Selector(ingress) },
        ["action"] = "DENY",
        ["rules"] = new JsonArray(new JsonObject
        {
            ["from"] = new JsonArray(new JsonObject { ["source"] = new JsonObject { ["notRequestPrincipals"] = new JsonArray("*") } }),
            ["to"] = tenant.PublicPaths.Count == 0 ? null : new JsonArray(new JsonObject
            {
                ["operation"] = new JsonObject { ["notPaths"] = new JsonArray([.. tenant.PublicPaths.Select(path => JsonValue.Create(path))]) },
            }),
        }),
    };
}
