using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>The sandbox's cluster as its own parts see it.</summary>
public sealed class SandboxCluster
{
    private readonly ControllerLoop _loop;

    internal SandboxCluster(ControllerLoop loop, IReadOnlyList<IAdmission> admissions, TimeProvider clock)
    {
        _loop = loop;
        Clock = clock;
        Objects = new ObjectService(this, admissions);
    }

    /// <summary>What is stored: for reading. Writes go through <see cref="Objects"/>.</summary>
    public ObjectStore Store { get; } = new();

    /// <summary>The kinds that are served.</summary>
    public KindRegistry Kinds { get; } = new();

    /// <summary>Writes as the API does: with defaults, admission, validation and owners of fields.</summary>
    public ObjectService Objects { get; }

    /// <summary>The one clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The time now as objects hold it, such as <c>2026-11-24T06:11:52Z</c>.</summary>
    public string Now => Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Does something later, between the controllers' steps.</summary>
    public void After(TimeSpan delay, Action action) => _loop.After(delay, action);
}
