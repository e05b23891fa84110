using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of checking a configuration, each made in one place.</summary>
internal static class FindingErrors
{
    internal static MeshException Failed(int count, string source, FindingSeverity severity) =>
        MeshException.FromText(FindingText.ResourceManager, nameof(FindingText.MeshConfigurationFailed), MeshErrorCategory.InvalidResult, source, null, count, source, severity);

    internal static MeshException Unread(string source) =>
        MeshException.FromText(FindingText.ResourceManager, nameof(FindingText.MeshConfigurationUnread), MeshErrorCategory.InvalidResult, source, null, source);

    internal static MeshException SuppressionsNotFound(string file) =>
        MeshException.FromText(FindingText.ResourceManager, nameof(FindingText.SuppressionsNotFound), MeshErrorCategory.ObjectNotFound, file, null, file);

    internal static MeshException SuppressionsInvalid(string file, int line, string problem) =>
        MeshException.FromText(FindingText.ResourceManager, nameof(FindingText.SuppressionsInvalid), MeshErrorCategory.InvalidData, file, null, file, line, problem);
}
