namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0001 to VCM0099: a document that cannot be read as what it claims to be.</summary>
public static class DocumentFindings
{
    /// <summary>The text is not YAML.</summary>
    public static readonly FindingRule InvalidYaml = new(
        "VCM0001", FindingSeverity.Error,
        "The document is not valid YAML: {0}",
        "The YAML parser cannot go on from here, so nothing behind this place was checked.",
        "Correct the line. Indent with spaces, two for each level, and quote text that contains ': ' or ' #'.",
        "https://yaml.org/spec/1.2.2/");

    /// <summary>The document is larger than any definition needs to be.</summary>
    public static readonly FindingRule LimitExceeded = new(
        "VCM0002", FindingSeverity.Error,
        "The document exceeds a limit: {0}.",
        "Documents are bounded in size and depth, and anchors and aliases are refused, so that a small file cannot take all memory.",
        "Shorten the document, and write repeated parts out.",
        "https://yaml.org/spec/1.2.2/#71-alias-nodes");

    /// <summary>Not a mesh definition, or of a version that this module does not know.</summary>
    public static readonly FindingRule UnknownDocument = new(
        "VCM0003", FindingSeverity.Error,
        "{0} is '{1}'; expected '{2}'.",
        "apiVersion and kind say what a document is and in which version it is written.",
        "Write '{2}'. A document of a newer version needs a newer module.");

    /// <summary>A key that the definition does not have.</summary>
    public static readonly FindingRule UnknownKey = new(
        "VCM0004", FindingSeverity.Error,
        "'{0}' is not known here.{1}",
        "A key that is not known would have no effect, and nobody would notice. Known here: {2}.",
        "Correct or remove the key.");

    /// <summary>A component that Istio does not have any more.</summary>
    public static readonly FindingRule RetiredComponent = new(
        "VCM0005", FindingSeverity.Error,
        "'{0}' is not a component of Istio.",
        "Since Istio 1.5 istiod alone is the control plane: Pilot, Citadel, Galley and the injector are parts of it, and Mixer is gone.",
        "Remove the key. The life of certificates is set under mesh.certificates.",
        "https://istio.io/latest/docs/ops/deployment/architecture/");

    /// <summary>A value of the wrong kind.</summary>
    public static readonly FindingRule WrongType = new(
        "VCM0006", FindingSeverity.Error,
        "'{0}' is {1}; expected {2}.",
        "The value has another type than the definition needs.",
        "Write {2}.");

    /// <summary>A value of the right kind that cannot be.</summary>
    public static readonly FindingRule InvalidValue = new(
        "VCM0007", FindingSeverity.Error,
        "'{0}' cannot be '{1}'; expected {2}.",
        "The value is outside of what Kubernetes and Istio accept here.",
        "Write {2}.");

    /// <summary>Something that must be there is not.</summary>
    public static readonly FindingRule MissingKey = new(
        "VCM0008", FindingSeverity.Error,
        "'{0}' is missing.",
        "There is no default for it.",
        "Add it: {1}.");

    /// <summary>The same key or name twice.</summary>
    public static readonly FindingRule Duplicate = new(
        "VCM0009", FindingSeverity.Error,
        "'{0}' is there twice; it stands first on line {1}.",
        "Only one of them can count.",
        "Remove one.",
        "https://yaml.org/spec/1.2.2/#3213-node-comparison");

    /// <summary>More than one document in the file.</summary>
    public static readonly FindingRule SecondDocument = new(
        "VCM0010", FindingSeverity.Error,
        "The file has more than one document.",
        "A definition is one document; a second one would not be read.",
        "Put each definition into a file of its own.",
        "https://yaml.org/spec/1.2.2/#chapter-9-document-stream-productions");

    /// <summary>Two keys of which only one may be there.</summary>
    public static readonly FindingRule Exclusive = new(
        "VCM0011", FindingSeverity.Error,
        "'{0}' and '{1}' exclude each other.",
        "Both say the same thing in two ways.",
        "Keep one of them.");

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        InvalidYaml, LimitExceeded, UnknownDocument, UnknownKey, RetiredComponent, WrongType, InvalidValue, MissingKey, Duplicate, SecondDocument,
        Exclusive,
    ];
}
