namespace VoiceCore.Istio.Core.Findings;

/// <summary>What findings are written as.</summary>
public enum FindingFormat
{
    /// <summary>Objects.</summary>
    Object,

    /// <summary>JSON: a list of objects, those that are suppressed left out.</summary>
    Json,

    /// <summary>JUnit XML: a failed test for each finding.</summary>
    JUnit,

    /// <summary>SARIF 2.1.0.</summary>
    Sarif,

    /// <summary>Logging commands of Azure DevOps, one a line.</summary>
    AzureDevOps,
}
