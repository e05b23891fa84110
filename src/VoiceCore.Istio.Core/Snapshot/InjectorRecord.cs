namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>What a control plane injects: its ConfigMap <c>istio-sidecar-injector</c> or <c>istio-sidecar-injector-&lt;revision&gt;</c>.</summary>
public sealed record InjectorRecord : MeshObject
{
    /// <summary>The name of the ConfigMap of the default revision; that of another one goes on with a dash and the revision.</summary>
    public const string DefaultName = "istio-sidecar-injector";

    /// <summary>True where namespaces without a label are injected.</summary>
    public bool EnableNamespacesByDefault { get; init; }

    /// <summary>The proxy's image, without a variant; empty where the ConfigMap does not say it.</summary>
    public string ProxyImage { get; init; } = "";

    /// <summary><c>enabled</c> where pods that say nothing get a sidecar, <c>disabled</c> where only those get one that ask for it; anything else switches the injector off.</summary>
    public string Policy { get; init; } = "enabled";

    /// <summary>Pods that say nothing and match any of these get no sidecar.</summary>
    public IReadOnlyList<LabelSelector> NeverInject { get; init; } = [];

    /// <summary>Pods that say nothing and match any of these, and none of <see cref="NeverInject"/>, get a sidecar whatever <see cref="Policy"/> says.</summary>
    public IReadOnlyList<LabelSelector> AlwaysInject { get; init; } = [];
}
