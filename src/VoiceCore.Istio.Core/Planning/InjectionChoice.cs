using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>The injection label that a namespace is to have, and no other beside it.</summary>
public sealed record InjectionChoice
{
    /// <summary>The default revision injects.</summary>
    public static readonly InjectionChoice Enabled = new(IstioNames.Injection, "enabled");

    /// <summary>Nobody injects.</summary>
    public static readonly InjectionChoice Disabled = new(IstioNames.Injection, "disabled");

    private InjectionChoice(string label, string value) => (Label, Value) = (label, value);

    /// <summary>The label.</summary>
    public string Label { get; }

    /// <summary>Its value.</summary>
    public string Value { get; }

    /// <summary>A revision injects, or that which a tag points to.</summary>
    public static InjectionChoice OfRevision(string revisionOrTag) => new(IstioNames.Revision, revisionOrTag);

    /// <summary>As people write a label.</summary>
    public override string ToString() => $"{Label}={Value}";
}
