using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox;

/// <summary>What a sandbox is made of.</summary>
public sealed record MeshSandboxOptions
{
    /// <summary>The context's name in the kubeconfig.</summary>
    public string ContextName { get; init; } = "voicecore-sandbox";

    /// <summary>What the mark in the kubeconfig says beside the mark itself, such as the id of the process that runs the sandbox.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The controllers beside those of the API itself (namespaces, garbage collection, CRDs).</summary>
    public IReadOnlyList<IController> Controllers { get; init; } = [];

    /// <summary>What looks at writes before they are stored, in this order.</summary>
    public IReadOnlyList<IAdmission> Admissions { get; init; } = [];

    /// <summary>How long a pod takes to become ready.</summary>
    public TimeSpan PodStartDelay { get; init; }

    /// <summary>The clock of everything in the sandbox.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
