using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Errors;

/// <summary>The errors of reading, rendering and writing definitions, each made in one place.</summary>
internal static class DefinitionErrors
{
    internal static MeshException NotFound(string path, Exception inner) =>
        Error(nameof(DefinitionText.DefinitionNotFound), MeshErrorCategory.ObjectNotFound, path, inner, path);

    internal static MeshException DependencyNotFound(string name) =>
        Error(nameof(DefinitionText.DependencyNotFound), MeshErrorCategory.ObjectNotFound, name, null, name);

    internal static MeshException RequirementNotFound(string id, IEnumerable<string> known) =>
        Error(nameof(DefinitionText.RequirementNotFound), MeshErrorCategory.ObjectNotFound, id, null, id, string.Join(", ", known));

    internal static MeshException Unreadable(string path, Exception inner) =>
        Error(nameof(DefinitionText.DefinitionUnreadable), MeshErrorCategory.ReadError, path, inner, path, inner.Message);

    internal static MeshException Invalid(string path, MeshDefinitionDocument document)
    {
        var errors = document.Findings.Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        return Error(
            nameof(DefinitionText.DefinitionInvalid), MeshErrorCategory.InvalidData, path, null,
            path, errors.Count, errors[0].Line, errors[0].Message);
    }

    internal static MeshException Contradictory(Finding finding) =>
        Error(nameof(DefinitionText.DefinitionContradictory), MeshErrorCategory.InvalidData, finding.Subject, null, finding.Subject, finding.Message);

    internal static MeshException TemplateInvalid(MeshDefinitionDocument document)
    {
        var finding = document.Findings.First(finding => finding.Severity == FindingSeverity.Error);
        return Error(nameof(DefinitionText.TemplateInvalid), MeshErrorCategory.InvalidArgument, finding.Subject, null, finding.Message);
    }

    internal static MeshException CertificatePolicyInvalid(Finding finding) =>
        Error(nameof(DefinitionText.CertificatePolicyInvalid), MeshErrorCategory.InvalidArgument, finding.Subject, null, finding.Message);

    internal static MeshException DurationInvalid(string text) =>
        Error(nameof(DefinitionText.DurationInvalid), MeshErrorCategory.InvalidArgument, text, null, text);

    internal static MeshException RevisionInvalid(string revision) =>
        Error(nameof(DefinitionText.RevisionInvalid), MeshErrorCategory.InvalidArgument, revision, null, revision);

    internal static MeshException Exists(string path) =>
        Error(nameof(DefinitionText.DefinitionExists), MeshErrorCategory.ResourceExists, path, null, path);

    internal static MeshException PathInvalid(string path, string reason, Exception? inner = null) =>
        Error(nameof(DefinitionText.PathInvalid), MeshErrorCategory.InvalidArgument, path, inner, path, reason);

    internal static MeshException FileNotWritten(string path, Exception inner) =>
        Error(nameof(DefinitionText.FileNotWritten), MeshErrorCategory.WriteError, path, inner, path, inner.Message);

    private static MeshException Error(string id, MeshErrorCategory category, object? target, Exception? inner, params object?[] arguments) =>
        MeshException.FromText(DefinitionText.ResourceManager, id, category, target, inner, arguments);
}
