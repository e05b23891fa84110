using System.Diagnostics;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Requirements;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Verification;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The product of the folder Examples, which is not VoiceCore, on a real API server with a real istiod: installed, verified, judged by the
/// runbook's requirements and removed; and the exported files of both products, taken by kubectl's strict dry run and istiod's validation.
/// </summary>
public sealed class ExampleLabTests : IAsyncLifetime
{
    private static readonly MeshDefinition Shop = LabInstallation.Adapted(MeshDefinitionFile.Load(Example("Shop.yaml")));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-istio-test-");
    private LabInstallation _lab = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await LabInstallation.ConnectAsync();

    public ValueTask DisposeAsync()
    {
        _lab?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Another_product_is_installed_verified_judged_and_removed()
    {
        var before = await ClusterInventory.TakeAsync(_lab.Api, Stop);
        try
        {
            var revision = (await _lab.InstallAsync(Shop)).Revision;
            await LabInstallation.EventuallyAsync("", async () => string.Join('\n', await NotOkAsync()));
            await TheRequirementsHoldAsFarAsTheyShowAsync();
            await ExportedFilesAreTakenAsync(revision);
        }
        finally
        {
            await DeleteAsync(new ObjectReference("apps", "Deployment", "monitoring", "otel-collector"));
            await DeleteAsync(new ObjectReference("", "Service", "monitoring", "otel-collector"));
            await _lab.UninstallAsync(Shop.Product);
        }

        await _lab.NothingStaysAsync(before);
    }

    private async Task TheRequirementsHoldAsFarAsTheyShowAsync()
    {
        Assert.Equal(
            ["1.1 Satisfied", "1.2 Satisfied", "1.3 Satisfied", "1.4 NotSatisfied", "1.5 Satisfied", "1.6 Satisfied", "1.7 NotVerifiable"],
            (await JudgedAsync()).Select(requirement => $"{requirement.Id} {requirement.Status}"));

        // With a collector there is nothing left that the cluster could show.
        await ApplyAsync("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"otel-collector","namespace":"monitoring"},"spec":{"selector":{"app":"otel-collector"},"ports":[{"name":"grpc-otlp","port":4317}]}}""");
        await ApplyAsync("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"otel-collector","namespace":"monitoring"},
             "spec":{"selector":{"matchLabels":{"app":"otel-collector"}},"template":{"metadata":{"labels":{"app":"otel-collector"}},
              "spec":{"containers":[{"name":"collector","image":"registry.example.com/collector:1"}]}}}}
            """);
        await LabInstallation.EventuallyAsync(RequirementStatus.NotVerifiable, async () => (await JudgedAsync()).Single(requirement => requirement.Id == "1.4").Status);
    }

    // With kubectl, as people would. Nothing can be tried in a namespace that is not there.
    private async Task ExportedFilesAreTakenAsync(string revision)
    {
        await ApplyAsync(PrometheusRules);
        await LabMesh.ServedAsync(_lab.Api, "monitoring.coreos.com", "PrometheusRule");
        var voiceCore = MeshDefinitionFile.VoiceCore with { Images = new ImageSource { Registry = "registry.example.com", Tag = "1" } };
        string[] namespaces = ["voicecore-ai", "observability"];
        foreach (var ns in namespaces)
            await ApplyAsync($$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{ns}}"} }""");
        try
        {
            foreach (var definition in new[] { voiceCore, Shop })
            {
                var rendered = MeshRenderer.Render(definition, new RenderOptions { Revision = revision, PrometheusRules = true });
                var folder = Path.Combine(_folder.FullName, definition.Product);
                foreach (var file in rendered.Files)
                    MeshExport.Write(file, MeshExport.Plan(file, folder));

                // An IstioOperator is for istioctl, and rules without an object are for Prometheus.
                var files = rendered.Files.Where(file => file.Objects.Count > 0 && file.Objects.All(item => item.Role != ManifestRole.ControlPlane)).ToList();
                Assert.Contains(files, file => file.Name == "alerts.yaml");
                Assert.Contains(files, file => file.Name == "rate-limits.yaml");
                foreach (var file in files)
                {
                    var output = await KubectlAsync(0, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", Path.Combine(folder, file.Name));
                    Assert.Equal(file.Objects.Count, output.Split('\n').Count(line => line.Contains("serverside-applied", StringComparison.Ordinal)));
                }
            }

            // What istiod and the schema refuse was not taken because nobody looked.
            var policy = Path.Combine(_folder.FullName, "refused.yaml");
            await File.WriteAllTextAsync(policy, (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "shop", "zero-trust.yaml"), Stop)).Replace("- \"8080\"", "- \"http\"", StringComparison.Ordinal), Stop);
            Assert.Contains("validation.istio.io", await KubectlAsync(1, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", policy), StringComparison.Ordinal);
            await File.WriteAllTextAsync(policy, (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "shop", "mtls-policy.yaml"), Stop)).Replace("mtls:", "mTls:", StringComparison.Ordinal), Stop);
            Assert.Contains("mTls", await KubectlAsync(1, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", policy), StringComparison.Ordinal);
        }
        finally
        {
            await DeleteAsync(new ObjectReference("apiextensions.k8s.io", "CustomResourceDefinition", null, "prometheusrules.monitoring.coreos.com"));
            foreach (var ns in namespaces)
                await DeleteAsync(new ObjectReference("", "Namespace", null, ns));
        }
    }

    private async Task<IReadOnlyList<MeshRequirement>> JudgedAsync() =>
        RequirementCheck.Run(await ClusterSnapshot.ReadAsync(_lab.Api, SilentActivityLog.Instance, Stop), Shop, _ => true);

    private async Task<string[]> NotOkAsync()
    {
        var request = new MeshInstallRequest { Definition = Shop, IncludeWorkloads = true };
        var rows = await new MeshInstallationVerifier(_lab.Api).VerifyAsync(request, revision: null, _lab.Istioctl, SilentActivityLog.Instance, Stop).ToListAsync(Stop);
        return [.. rows.Where(row => row.Status != InstallationStatus.Ok).Select(row => $"{row}")];
    }

    private async Task ApplyAsync(string json)
    {
        _lab.Api.ResetDiscovery();
        await _lab.Api.ApplyAsync(new KubernetesObject(JsonNode.Parse(json)!.AsObject()), new ApplyOptions { FieldManager = "the-lab" }, Stop);
    }

    private Task<bool> DeleteAsync(ObjectReference reference) => _lab.Api.DeleteAsync(reference, new DeleteOptions(), CancellationToken.None);

    private static async Task<string> KubectlAsync(int exitCode, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("kubectl", arguments)
        {
            Environment = { ["KUBECONFIG"] = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop) + await error;
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == exitCode, output);
        return output;
    }

    private static string Example(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "Examples", name);
    }

    // The fields of a PrometheusRule that https://prometheus-operator.dev/docs/api-reference/api/ documents, so that any other is refused.
    private const string PrometheusRules = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"prometheusrules.monitoring.coreos.com"},
         "spec":{"group":"monitoring.coreos.com","scope":"Namespaced","names":{"kind":"PrometheusRule","listKind":"PrometheusRuleList","plural":"prometheusrules","singular":"prometheusrule"},
          "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
           "spec":{"type":"object","properties":{"groups":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
            "items":{"type":"object","required":["name"],"properties":{
             "name":{"type":"string","minLength":1},"interval":{"type":"string"},"limit":{"type":"integer"},
             "rules":{"type":"array","items":{"type":"object","required":["expr"],"properties":{
              "alert":{"type":"string"},"record":{"type":"string"},"expr":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]},
              "for":{"type":"string","pattern":"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$"},
              "keep_firing_for":{"type":"string"},
              "labels":{"type":"object","additionalProperties":{"type":"string"}},
              "annotations":{"type":"object","additionalProperties":{"type":"string"}}}}}}}}}}}}}}]}}
        """;
}
