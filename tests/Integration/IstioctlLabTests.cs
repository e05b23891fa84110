using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Integration;

/// <summary>The real istioctl, API server and istiod. Installs a control plane, so it runs on a lab only, inside of it.</summary>
public sealed class IstioctlLabTests : IAsyncLifetime
{
    private const string Revision = "contract-1";

    private LabInstallation? _lab;

    private KubernetesApi Api => _lab!.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await LabInstallation.ConnectAsync();

    public ValueTask DisposeAsync()
    {
        _lab?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_control_plane_is_rendered_installed_asked_and_removed()
    {
        var istioctl = _lab!.Istioctl();
        var request = new ControlPlaneRequest
        {
            OperatorDocuments =
            [
                "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: minimal\n  values:\n    telemetry:\n      enabled: false\n",
                "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig:\n    accessLogFile: /dev/stdout\n",
            ],
            Revision = Revision,
            Settings = new Dictionary<string, string> { ["meshConfig.trustDomain"] = "contract.local" },
            ReadinessTimeout = TimeSpan.FromMinutes(3),
        };

        var manifest = await istioctl.GenerateManifestAsync(request, Stop);
        Assert.Contains($"name: istiod-{Revision}", manifest, StringComparison.Ordinal);
        Assert.Contains("accessLogFile: /dev/stdout", manifest, StringComparison.Ordinal);
        Assert.Contains("trustDomain: contract.local", manifest, StringComparison.Ordinal);

        var log = new RecordingLog();
        try
        {
            await istioctl.InstallAsync(request, log, Stop);
            Assert.Contains(log.Steps, step => step.Contains("Istiod", StringComparison.Ordinal));

            Api.ResetDiscovery();
            Assert.Equal("v1", (await Api.FindResourceAsync("networking.istio.io", "DestinationRule", null, Stop))!.Version);
            var istiod = (await IstiodPodAsync())!;
            var answer = await Api.GetFromPodAsync("istio-system", istiod.Name, 15014, "/debug/mesh", Stop);
            Assert.Equal(200, answer.StatusCode);
            Assert.Equal("contract.local", (string?)JsonNode.Parse(answer.Body.Span)!["trustDomain"]);
            Assert.Equal(404, (await Api.GetFromPodAsync("istio-system", istiod.Name, 15014, "/nothing", Stop)).StatusCode);
            Assert.Equal("PodUnreachable", (await Assert.ThrowsAsync<MeshException>(() => Api.GetFromPodAsync("istio-system", istiod.Name, 9, "/", Stop))).Id);
            Assert.Equal("ObjectNotFound", (await Assert.ThrowsAsync<MeshException>(() => Api.GetFromPodAsync("istio-system", "nothing", 9, "/", Stop))).Id);
        }
        finally
        {
            await istioctl.UninstallAsync(Revision, log, CancellationToken.None);
        }

        // istioctl knows a revision by its webhooks and its pods, and the cluster takes a moment to remove what was deleted.
        await LabMesh.EventuallyAsync(
            async () => await FirstAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null) is null && await IstiodPodAsync() is null,
            $"no webhook and no pod of {Revision} is left");

        await istioctl.UninstallAsync(Revision, log, Stop);
        Assert.Contains(log.Warnings, warning => warning.Contains(Revision, StringComparison.Ordinal));
    }

    private Task<KubernetesObject?> IstiodPodAsync() => FirstAsync("", "Pod", "istio-system");

    private async Task<KubernetesObject?> FirstAsync(string group, string kind, string? @namespace)
    {
        var resource = await Api.FindResourceAsync(group, kind, version: null, Stop);
        return await Api.ListAsync(resource!, @namespace, new ListOptions { LabelSelector = $"istio.io/rev={Revision}" }, Stop).FirstOrDefaultAsync(Stop);
    }

    private sealed class RecordingLog : IActivityLog
    {
        internal ConcurrentQueue<string> Steps { get; } = [];

        internal ConcurrentQueue<string> Warnings { get; } = [];

        public void Progress(string activity, string status, int percent = -1) => Steps.Enqueue(status);

        public void Verbose(string message)
        {
        }

        public void Warning(string message) => Warnings.Enqueue(message);
    }
}
