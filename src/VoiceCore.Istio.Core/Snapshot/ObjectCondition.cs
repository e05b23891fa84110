namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A condition in the status of an object.</summary>
/// <param name="Type">Such as <c>Accepted</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">One word that says why; empty where not given.</param>
/// <param name="Message">The same as a sentence; empty where not given.</param>
public sealed record ObjectCondition(string Type, string Status, string Reason, string Message);
