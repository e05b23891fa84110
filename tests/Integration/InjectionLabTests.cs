using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>Injection as the cmdlets tell and set it, beside what the API server and Istio's webhooks make of pods.</summary>
[Collection(nameof(LabMesh))]
public sealed class InjectionLabTests(LabMesh mesh, ITestOutputHelper output)
{
    private static readonly string[] NamespaceLabels =
    [
        "", "istio-injection=enabled", "istio-injection=disabled", "istio-injection=on", "istio.io/rev=lab-1", "istio.io/rev=lab-2", "istio.io/rev=lab-tag",
        "istio.io/rev=default", "istio.io/rev=absent", "istio-injection=enabled,istio.io/rev=lab-2", "istio-injection=disabled,istio.io/rev=lab-2",
    ];

    // Labels, then annotations behind a bar; "host" shares the node's network.
    private static readonly string[] Pods =
    [
        "", "sidecar.istio.io/inject=true", "sidecar.istio.io/inject=false", "sidecar.istio.io/inject=maybe", "istio.io/rev=lab-2", "istio.io/rev=absent",
        "sidecar.istio.io/inject=true,istio.io/rev=lab-tag", "sidecar.istio.io/inject=false,istio.io/rev=lab-2", "|sidecar.istio.io/inject=false",
        "|sidecar.istio.io/inject=true", "sidecar.istio.io/inject=true|sidecar.istio.io/inject=false", "host",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verdicts_are_what_the_webhooks_do()
    {
        mesh.SkipWhenAbsent();
        for (var i = 0; i < NamespaceLabels.Length; i++)
            await mesh.NamespaceAsync($"injection-{i}", NamespaceLabels[i]);
        var live = await mesh.SnapshotAsync();
        var places = NamespaceLabels.Select((labels, i) => (Namespace: $"injection-{i}", Labels: labels)).Append(("kube-system", "kube-system")).ToArray();

        var equal = 0;
        var others = new List<string>();
        foreach (var (ns, labels) in places)
        {
            foreach (var pod in Pods)
            {
                var manifest = Pod(ns, pod);
                var verdict = Verdict(live, ns, manifest);
                var happened = InjectionOf(await mesh.Api.CreateAsync(manifest, new WriteOptions { DryRun = true }, Stop));
                if (verdict.Revision == happened)
                    equal++;
                else
                    others.Add($"namespace {labels}, pod {pod}: verdict {verdict.Revision ?? "none"} ({verdict.Reason}), happened {happened ?? "none"}");
            }
        }

        output.WriteLine($"{equal} of {equal + others.Count} combinations of labels are equal.");
        others.ForEach(output.WriteLine);
        Assert.Empty(others);
    }

    [Fact]
    public async Task A_conflict_of_labels_is_mended_in_one_change_and_proven_by_the_webhook()
    {
        mesh.SkipWhenAbsent();
        const string Name = "injection-conflict";
        await mesh.NamespaceAsync(Name, $"istio-injection=enabled,istio.io/rev={LabMesh.OtherRevision}");
        await mesh.Api.CreateAsync(Pod(Name, ""), new WriteOptions(), Stop);
        var revisions = new List<string>();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var watch = WatchAsync(Name, revisions, watching.Token);
        await LabMesh.EventuallyAsync(() => Task.FromResult(revisions.Count > 0), "the namespace is watched");

        var change = await SetAsync(Name, InjectionChoice.OfRevision(LabMesh.OtherRevision));

        Assert.Equal((PlanAction.Update, true, InjectionProof.Proven), (change.Action, change.Applied, change.Proof));
        Assert.Equal((LabMesh.Revision, LabMesh.OtherRevision), (change.RevisionBefore, change.Revision));
        Assert.Equal((1, 1, "Pod/tried"), (change.Pods, change.PodsToRestart, change.WorkloadsToRestart.Single()));
        await LabMesh.EventuallyAsync(() => Task.FromResult(revisions[^1] == $"istio.io/rev={LabMesh.OtherRevision}"), "the change is seen");
        Assert.Equal([change.Before, change.After], revisions);
        await watching.CancelAsync();
        await watch;

        Assert.Equal((PlanAction.Unchanged, InjectionProof.Proven), await OutcomeAsync(InjectionChoice.OfRevision(LabMesh.OtherRevision)));
        Assert.Equal((PlanAction.Update, InjectionProof.Proven), await OutcomeAsync(InjectionChoice.Disabled));
        Assert.Equal((PlanAction.Update, InjectionProof.Proven), await OutcomeAsync(InjectionChoice.Enabled));
        Assert.Equal((PlanAction.Update, InjectionProof.Proven), await OutcomeAsync(InjectionChoice.OfRevision(LabMesh.Tag)));
        Assert.Equal("RevisionNotInstalled", (await Assert.ThrowsAsync<MeshException>(() => SetAsync(Name, InjectionChoice.OfRevision("absent")))).Id);

        async Task<(PlanAction, InjectionProof)> OutcomeAsync(InjectionChoice choice)
        {
            var outcome = await SetAsync(Name, choice);
            return (outcome.Action, outcome.Proof);
        }
    }

    [Fact]
    public async Task A_webhook_that_answers_for_another_revision_is_found_out()
    {
        mesh.SkipWhenAbsent();
        const string Name = "injection-liar";
        await mesh.NamespaceAsync(Name, "");
        var reference = new ObjectReference("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, "istio-sidecar-injector-liar");
        var webhook = (await mesh.Api.GetAsync(reference with { Name = $"istio-sidecar-injector-{LabMesh.Revision}" }, Stop))!.Clone().Json;
        webhook["metadata"] = new JsonObject { ["name"] = reference.Name, ["labels"] = new JsonObject { ["istio.io/rev"] = "liar" } };
        var only = webhook["webhooks"]![0]!.DeepClone();
        only["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["istio.io/rev"] = "liar" } };
        only["objectSelector"] = new JsonObject();
        webhook["webhooks"] = new JsonArray(only);
        await mesh.Api.CreateAsync(new KubernetesObject(webhook), new WriteOptions(), Stop);
        try
        {
            var error = await Assert.ThrowsAsync<MeshException>(() => SetAsync(Name, InjectionChoice.OfRevision("liar"), TimeSpan.FromSeconds(3)));

            Assert.Equal("InjectionContradicted", error.Id);
            Assert.Contains(LabMesh.Revision, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await mesh.Api.DeleteAsync(reference, new DeleteOptions(), CancellationToken.None);
        }
    }

    // The row that Get-MeshInjection would write if the pod ran.
    private static MeshInjection Verdict(MeshSnapshot live, string ns, KubernetesObject manifest)
    {
        var reader = new MeshSnapshotReader();
        reader.AddJson(Encoding.UTF8.GetBytes(manifest.Json.ToJsonString()), "pod");
        return new InjectionReport(live with { Namespaces = [.. live.Namespaces.Where(item => item.Name == ns)], Pods = reader.Build().Pods }).Rows().Single();
    }

    private static string? InjectionOf(KubernetesObject pod)
    {
        var containers = new[] { "containers", "initContainers" }.SelectMany(list => pod.Json["spec"]![list] as JsonArray ?? []);
        return containers.Any(container => (string?)container!["name"] == "istio-proxy") ? pod.Annotation("istio.io/rev") : null;
    }

    private async Task<InjectionChange> SetAsync(string ns, InjectionChoice choice, TimeSpan? timeout = null)
    {
        var setter = new InjectionSetter(mesh.Api, await mesh.SnapshotAsync(), timeout ?? TimeSpan.FromSeconds(30), SilentActivityLog.Instance);
        return await setter.ApplyAsync(await setter.PlanAsync(ns, choice, Stop), Stop);
    }

    private async Task WatchAsync(string ns, List<string> seen, CancellationToken cancellationToken)
    {
        var resource = await mesh.Api.FindResourceAsync("", "Namespace", version: null, cancellationToken);
        try
        {
            await foreach (var change in mesh.Api.WatchAsync(resource!, null, new ListOptions { FieldSelector = $"metadata.name={ns}" }, cancellationToken))
            {
                if (change.Type is "ADDED" or "MODIFIED")
                    seen.Add(string.Join(", ", new[] { "istio-injection", "istio.io/rev" }.Where(key => change.Object.Label(key) is not null).Select(key => $"{key}={change.Object.Label(key)}")));
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }

    private static KubernetesObject Pod(string ns, string what)
    {
        var parts = what == "host" ? ["", ""] : what.Split('|');
        return new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = "tried",
                ["namespace"] = ns,
                ["labels"] = LabMesh.Labels(parts[0]),
                ["annotations"] = LabMesh.Labels(parts.ElementAtOrDefault(1) ?? ""),
            },
            ["spec"] = new JsonObject
            {
                ["hostNetwork"] = what == "host",
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }),
            },
        });
    }
}
