using System.Collections.Concurrent;
using VoiceCore.Istio.Core.Activity;

namespace VoiceCore.Istio.Core.Tests.Istioctl;

/// <summary>Keeps what is told.</summary>
internal sealed class RecordingLog : IActivityLog
{
    internal ConcurrentQueue<string> Steps { get; } = new();

    internal ConcurrentQueue<string> Warnings { get; } = new();

    internal ConcurrentQueue<string> Details { get; } = new();

    public void Progress(string activity, string status, int percent = -1) => Steps.Enqueue(status);

    public void Verbose(string message) => Details.Enqueue(message);

    public void Warning(string message) => Warnings.Enqueue(message);
}
