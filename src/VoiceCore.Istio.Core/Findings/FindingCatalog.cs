namespace VoiceCore.Istio.Core.Findings;

/// <summary>Every code that the module reports, for documentation and for checking that codes are unique.</summary>
public static class FindingCatalog
{
    /// <summary>The rules, by code.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        .. new[]
        {
            DocumentFindings.All, DefinitionFindings.All, RequirementFindings.All, CertificateFindings.All, MeshFindings.All, TlsFindings.All, RouteFindings.All,
            PolicyFindings.All, WorkloadFindings.All, ControlPlaneFindings.All, AmbientFindings.All,
        }.SelectMany(rules => rules).OrderBy(rule => rule.Code, StringComparer.Ordinal),
    ];

    private static readonly Dictionary<string, FindingRule> ByCode = All.ToDictionary(rule => rule.Code, StringComparer.Ordinal);

    /// <summary>The rule of a code; null where there is none.</summary>
    public static FindingRule? Find(string code) => ByCode.GetValueOrDefault(code);
}
