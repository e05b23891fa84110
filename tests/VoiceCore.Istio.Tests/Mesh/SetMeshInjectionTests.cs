using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Tests.Install;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Injection set through the real engine, on a sandbox with one revision that is the default too.</summary>
public sealed class SetMeshInjectionTests : IAsyncLifetime
{
    private SandboxedModule _module = null!;
    private string _revision = "";

    public async ValueTask InitializeAsync()
    {
        _module = await StartAsync();
        _module.Run("Install-VoiceCoreMesh -Timeout 60 -Confirm:$false").ThrowOnError();
        _revision = (await _module.Api.GetAsync(new ObjectReference("", "Namespace", null, "voicecore-ai"), Stop))!.Label("istio.io/rev")!;
        await NamespaceAsync("shop", ("istio-injection", "enabled"), ("istio.io/rev", _revision), ("team", "shop"));
    }

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public async Task Labels_that_contradict_each_other_are_mended_in_one_request_and_proven()
    {
        var change = Assert.Single(_module.RunScript($"Set-MeshInjection shop -Revision {_revision} @mesh -Confirm:$false").ThrowOnError().Output);

        Assert.Equal(("Update", "True", "Proven"), (Text(change, "Action"), Text(change, "Applied"), Text(change, "Proof")));
        Assert.Equal(($"istio-injection=enabled, istio.io/rev={_revision}", $"istio.io/rev={_revision}"), (Text(change, "Before"), Text(change, "After")));
        Assert.Equal(_revision, Text(change, "Revision"));
        Assert.Equal(["PATCH /api/v1/namespaces/shop"], Mutations());
        Assert.Equal((null, _revision, "shop"), await LabelsAsync("shop"));
    }

    [Fact]
    public void A_second_run_changes_nothing_and_proves_again()
    {
        _module.RunScript($"Set-MeshInjection shop -Tag {_revision} @mesh").ThrowOnError();

        var change = Assert.Single(_module.RunScript($"Set-MeshInjection shop {_revision} @mesh").ThrowOnError().Output);

        Assert.Equal(("Unchanged", "False", "Proven"), (Text(change, "Action"), Text(change, "Applied"), Text(change, "Proof")));
        Assert.Empty(Mutations());
    }

    [Fact]
    public async Task WhatIf_says_what_would_be_done_and_sends_reads_only()
    {
        var change = Assert.Single(_module.RunScript("Set-MeshInjection shop -Disabled @mesh -WhatIf").ThrowOnError().Output);

        Assert.Equal(("Update", "False", "NotTried", "istio-injection=disabled"), (Text(change, "Action"), Text(change, "Applied"), Text(change, "Proof"), Text(change, "After")));
        Assert.Empty(Mutations());
        Assert.Equal(("enabled", _revision, "shop"), await LabelsAsync("shop"));
    }

    [Theory]
    [InlineData("Set-MeshInjection shop REVISION @mesh -WhatIf", "NotTried")]
    [InlineData("$WhatIfPreference = $true; Set-MeshInjection shop REVISION @mesh", "NotTried")]
    [InlineData("$WhatIfPreference = $true; Set-MeshInjection shop REVISION @mesh -WhatIf:$false", "Proven")]
    public void WhatIf_proves_nothing_where_nothing_is_to_be_changed(string script, string proof)
    {
        _module.RunScript($"Set-MeshInjection shop {_revision} @mesh").ThrowOnError();

        var change = Assert.Single(_module.RunScript(script.Replace("REVISION", _revision, StringComparison.Ordinal)).ThrowOnError().Output);

        Assert.Equal(("Unchanged", proof), (Text(change, "Action"), Text(change, "Proof")));
        Assert.Equal(proof == "NotTried", _module.Sandbox.Requests.Requests.All(request => request.Method == "GET"));
    }

    [Fact]
    public async Task Injection_is_switched_off_and_on()
    {
        var off = Assert.Single(_module.RunScript("Set-MeshInjection shop -Disabled @mesh").ThrowOnError().Output);
        Assert.Equal(("", "Proven"), (Text(off, "Revision"), Text(off, "Proof")));
        Assert.Equal(("disabled", null, "shop"), await LabelsAsync("shop"));

        var on = Assert.Single(_module.RunScript("'shop' | Set-MeshInjection -Enabled @mesh").ThrowOnError().Output);
        Assert.Equal((_revision, "Proven"), (Text(on, "Revision"), Text(on, "Proof")));
        Assert.Equal(("enabled", null, "shop"), await LabelsAsync("shop"));
    }

    [Fact]
    public async Task Pods_that_run_with_another_sidecar_are_counted()
    {
        await NamespaceAsync("plain");
        await _module.Api.CreateAsync(new KubernetesObject(JsonNode.Parse("""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "alone", "namespace": "plain" }, "spec": { "containers": [{ "name": "app", "image": "app" }] } }
            """)!.AsObject()), new WriteOptions(), Stop);

        var change = Assert.Single(_module.RunScript($"Set-MeshInjection plain {_revision} @mesh").ThrowOnError().Output);

        Assert.Equal(("1", "1"), (Text(change, "PodsToRestart"), Text(change, "Pods")));
        Assert.Equal(["Pod/alone"], (IEnumerable<string>)change.Properties["WorkloadsToRestart"].Value);
    }

    [Fact]
    public async Task Namespaces_come_by_wildcard_or_from_the_pipeline_and_each_once()
    {
        await NamespaceAsync("team-one");
        await NamespaceAsync("team-two");

        var byWildcard = _module.RunScript($"Set-MeshInjection team-*, kube-s* {_revision} @mesh").ThrowOnError();
        Assert.Equal(["team-one", "team-two"], byWildcard.Output.Select(change => Text(change, "Namespace")));

        var piped = _module.RunScript($"Get-MeshInjection team-*, shop, voicecore-ai @mesh | Where-Object State -eq Conflict | Set-MeshInjection -Revision {_revision} @mesh").ThrowOnError();
        Assert.Equal("shop", Text(Assert.Single(piped.Output), "Namespace"));
    }

    [Theory]
    [InlineData("shop 9-99-9", "RevisionNotInstalled")]
    [InlineData("absent -Disabled", "NamespaceNotFound")]
    [InlineData("kube-system -Enabled", "NamespaceNotInjectable")]
    public void What_would_do_no_good_is_refused_before_anything_is_changed(string arguments, string id)
    {
        var result = _module.RunScript($"Set-MeshInjection {arguments} @mesh");

        Assert.Equal([id], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Empty(Mutations());
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_does_not_keep_the_others_from_being_changed()
    {
        var result = _module.RunScript("'absent', 'shop' | Set-MeshInjection -Disabled @mesh");

        Assert.Equal(["NamespaceNotFound"], result.ErrorIds);
        Assert.Equal(("shop", "True"), (Text(Assert.Single(result.Output), "Namespace"), Text(result.Output[0], "Applied")));
        Assert.Equal(["PATCH /api/v1/namespaces/shop"], Mutations());
        Assert.Equal(("disabled", null, "shop"), await LabelsAsync("shop"));
    }

    [Fact]
    public async Task A_webhook_whose_service_is_gone_is_not_chosen()
    {
        await WebhookAsync("stale", service: "istiod-gone");

        var result = _module.RunScript("Set-MeshInjection shop stale @mesh");

        Assert.Equal(["InjectionServiceMissing"], result.ErrorIds);
        Assert.Empty(Mutations());
    }

    [Fact]
    public async Task A_tried_pod_that_says_otherwise_is_an_error()
    {
        // It calls itself another revision, and the one that is there answers.
        await WebhookAsync("liar", service: null);

        var result = _module.RunScript("Set-MeshInjection shop liar -Timeout 1 @mesh");

        Assert.Equal(["InjectionContradicted"], result.ErrorIds);
        Assert.Contains(_revision, result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_of_a_GitOps_tool_brings_a_warning()
    {
        await NamespaceAsync("kept", ("kustomize.toolkit.fluxcd.io/name", "apps"));

        var result = _module.RunScript($"Set-MeshInjection kept {_revision} @mesh").ThrowOnError();

        Assert.Contains("Flux", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("Flux", Text(Assert.Single(result.Output), "GitOps"));
    }

    private string[] Mutations() => [.. _module.Sandbox.Requests.Requests.Where(request => request.IsMutating).Select(request => $"{request.Method} {request.Path}")];

    private async Task<(string? Injection, string? Revision, string? Team)> LabelsAsync(string name)
    {
        var ns = await _module.Api.GetAsync(new ObjectReference("", "Namespace", null, name), Stop);
        return (ns!.Label("istio-injection"), ns.Label("istio.io/rev"), ns.Label("team"));
    }

    private Task<KubernetesObject> NamespaceAsync(string name, params (string Key, string Value)[] labels) => _module.Api.CreateAsync(
        new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) },
        }),
        new WriteOptions(),
        Stop);

    // A copy of the webhook that is there, for another revision's label.
    private async Task WebhookAsync(string revision, string? service)
    {
        var webhook = (await _module.Api.GetAsync(new ObjectReference("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, $"istio-sidecar-injector-{_revision}"), Stop))!.Clone().Json;
        webhook["metadata"] = new JsonObject { ["name"] = $"istio-sidecar-injector-{revision}", ["labels"] = new JsonObject { ["istio.io/rev"] = revision } };
        var only = webhook["webhooks"]![0]!.DeepClone();
        only["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["istio.io/rev"] = revision } };
        only["objectSelector"] = new JsonObject();
        if (service is not null)
            only["clientConfig"]!["service"]!["name"] = service;
        webhook["webhooks"] = new JsonArray(only);
        await _module.Api.CreateAsync(new KubernetesObject(webhook), new WriteOptions(), Stop);
    }
}
