namespace VoiceCore.Istio.Completion;

/// <summary>A value that a parameter may take.</summary>
/// <param name="Value">The value itself, unquoted.</param>
/// <param name="ToolTip">One line about it.</param>
public sealed record CompletionCandidate(string Value, string ToolTip);
