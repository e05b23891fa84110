using System.Threading.Channels;

namespace VoiceCore.Istio.Sandbox.Storage;

/// <summary>The changes of the store from some point on, in order, each once. Ends when it is disposed.</summary>
public sealed class StoreSubscription : IDisposable
{
    private readonly Channel<StoreEvent> _channel = Channel.CreateUnbounded<StoreEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action<StoreSubscription> _end;

    internal StoreSubscription(Action<StoreSubscription> end) => _end = end;

    /// <summary>The changes.</summary>
    public ChannelReader<StoreEvent> Events => _channel.Reader;

    /// <inheritdoc/>
    public void Dispose()
    {
        _end(this);
        _channel.Writer.TryComplete();
    }

    internal void Publish(StoreEvent change) => _channel.Writer.TryWrite(change);
}
