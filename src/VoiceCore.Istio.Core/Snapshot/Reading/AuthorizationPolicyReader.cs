using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads AuthorizationPolicies.</summary>
internal static class AuthorizationPolicyReader
{
    internal static AuthorizationPolicy Read(IstioObject common, JsonTree spec, StringPool pool) => new(common)
    {
        Selector = IstioObjectReader.Selector(spec, pool),
        Targets = IstioObjectReader.Targets(spec),
        Action = spec.Enum(
            "action",
            AuthorizationAction.Allow,
            ("ALLOW", AuthorizationAction.Allow),
            ("DENY", AuthorizationAction.Deny),
            ("AUDIT", AuthorizationAction.Audit),
            ("CUSTOM", AuthorizationAction.Custom)),
        Provider = spec.Field("provider")?.Text("name") ?? "",
        Rules = spec.Map("rules", Rule),
    };

    private static AuthorizationRule Rule(JsonTree rule) => new(
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("from", from => Source(from.Field("source"))),
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("to", to => Operation(to.Field("operation"))),
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("when", Condition));

    private static AuthorizationSource Source(JsonTree? source) => source is not { } json ? new() : new()
    {
        Principals = Match(json, "principals", "notPrincipals"),
        RequestPrincipals = Match(json, "requestPrincipals", "notRequestPrincipals"),
        Namespaces = Match(json, "namespaces", "notNamespaces"),
        ServiceAccounts = Match(json, "serviceAccounts", "notServiceAccounts"),
        TrustDomains = Match(json, "trustDomains", "notTrustDomains"),
        IpBlocks = Match(json, "ipBlocks", "notIpBlocks"),
        RemoteIpBlocks = Match(json, "remoteIpBlocks", "notRemoteIpBlocks"),
    };

    private static AuthorizationOperation Operation(JsonTree? operation) => operation is not { } json ? new() : new()
    {
        Hosts = Match(json, "hosts", "notHosts"),
        Ports = Match(json, "ports", "notPorts"),
        Methods = Match(json, "methods", "notMethods"),
        Paths = Match(json, "paths", "notPaths"),
    };

    private static AuthorizationCondition Condition(JsonTree when) =>
        new(when.Text("key", ""), Match(when, "values", "notValues"));

    private static ValueMatch Match(JsonTree json, string values, string notValues)
    {
        var match = new ValueMatch(json.Texts(values), json.Texts(notValues));
        return match.IsEmpty ? ValueMatch.None : match;
    }
}
