using System.Buffers;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot.Reading;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Injection;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests.Injection;

/// <summary>The selectors of a real cluster's webhooks, and what its API server made of pods.</summary>
public sealed class RecordedInjectionTests
{
    [Fact]
    public void Chooses_as_a_real_API_server_chose()
    {
        Assert.SkipWhen(Folder is null, "The recordings are not here.");
        var configurations = Configurations();
        var rows = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder!, "injection-by-labels.json"))).List("rows").ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var called = WebhookMatching.Matching(configurations, BuiltInKinds.Pod, AdmissionOperation.Create, row.TextMap("namespace_labels"), row.TextMap("pod_labels")).ToList();
            if (row.Text("result") == "created")
                Assert.Equal(row.Flag("injected") ? "istiod-" + row.Text("revision") : null, called.FirstOrDefault().Text("clientConfig", "service", "name"));
            else
                Assert.Contains(called, webhook => webhook.Text("clientConfig", "service", "name") == "istiod-1-21-0");
        });
    }

    private static string? Folder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var recordings = Path.Combine(folder.FullName, "shared", "recordings", "kubernetes");
                if (Directory.Exists(recordings))
                    return recordings;
            }

            return null;
        }
    }

    private static List<JsonObject> Configurations()
    {
        var json = new ArrayBufferWriter<byte>();
        using var text = File.OpenText(Path.Combine(Folder!, "mutatingwebhooks-two-revisions-and-tags.yaml"));
        new YamlToJson(text).Next(json);
        return JsonNode.Parse(json.WrittenSpan).List("items").OrderBy(item => item.Name(), StringComparer.Ordinal).ToList();
    }
}
