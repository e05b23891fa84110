using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads AuthorizationPolicies.</summary>
internal static class AuthorizationPolicyReader
{
    internal static AuthorizationPolicy Read(IstioObject common, JsonElement spec, StringPool pool) => new(common)
    {
        Selector = IstioObjectReader.Selector(spec, pool),
        Targets = IstioObjectReader.Targets(spec, pool),
        Action = spec.Enum(
            "action",
            AuthorizationAction.Allow,
            ("ALLOW", AuthorizationAction.Allow),
            ("DENY", AuthorizationAction.Deny),
            ("AUDIT", AuthorizationAction.Audit),
            ("CUSTOM", AuthorizationAction.Custom)),
        Provider = pool.Get(spec.Field("provider")?.Text("name") ?? ""),
        Rules = spec.Map("rules", rule => Rule(rule, pool)),
    };

    private static AuthorizationRule Rule(JsonElement rule, StringPool pool) => new(
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("from", from => Source(from.Field("source"), pool)),
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("to", to => Operation(to.Field("operation"), pool)),
        rule.ValueKind == JsonValueKind.Null ? [] : rule.Map("when", when => Condition(when, pool)));

    private static AuthorizationSource Source(JsonElement? source, StringPool pool) => source is not { } json ? new() : new()
    {
        Principals = Match(json, "principals", "notPrincipals", pool),
        RequestPrincipals = Match(json, "requestPrincipals", "notRequestPrincipals", pool),
        Namespaces = Match(json, "namespaces", "notNamespaces", pool),
        ServiceAccounts = Match(json, "serviceAccounts", "notServiceAccounts", pool),
        TrustDomains = Match(json, "trustDomains", "notTrustDomains", pool),
        IpBlocks = Match(json, "ipBlocks", "notIpBlocks", pool),
        RemoteIpBlocks = Match(json, "remoteIpBlocks", "notRemoteIpBlocks", pool),
    };

    private static AuthorizationOperation Operation(JsonElement? operation, StringPool pool) => operation is not { } json ? new() : new()
    {
        Hosts = Match(json, "hosts", "notHosts", pool),
        Ports = Match(json, "ports", "notPorts", pool),
        Methods = Match(json, "methods", "notMethods", pool),
        Paths = Match(json, "paths", "notPaths", pool),
    };

    private static AuthorizationCondition Condition(JsonElement when, StringPool pool) =>
        new(pool.Get(when.Text("key", "")), Match(when, "values", "notValues", pool));

    private static ValueMatch Match(JsonElement json, string values, string notValues, StringPool pool)
    {
        var match = new ValueMatch(json.Texts(values, pool), json.Texts(notValues, pool));
        return match.IsEmpty ? ValueMatch.None : match;
    }
}
