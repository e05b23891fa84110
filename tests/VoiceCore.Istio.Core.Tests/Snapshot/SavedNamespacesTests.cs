using System.IO.Compression;
using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>EndpointSlices and pods of a saved file are read by namespace: nobody can tell, but by what is not read.</summary>
public sealed class SavedNamespacesTests : IDisposable
{
    private const string Unreadable = "{{{";

    private static readonly string Yaml = string.Concat(
        Tenant(sidecars: [true, false]), Pod("web", "client-0", "10.0.1.1"), Pod("web", "client-1", "10.0.1.2", sidecar: false), Peer("shop", "STRICT"));

    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot").FullName;

    [Fact]
    public void Verdicts_are_the_same_as_of_what_was_saved()
    {
        var (read, loaded) = (Read(Yaml), Load(Lines(Read(Yaml))));

        Assert.IsType<SavedPods>(loaded.Pods);
        Assert.Equal(Verdicts(read), Verdicts(loaded));
        Assert.Equal(SnapshotFields.Of(read), SnapshotFields.Of(loaded));
        Assert.Equal(read.Pods.Select(pod => pod.Key), Enumerable.Range(0, loaded.Pods.Count).Select(index => loaded.Pods[index].Key));
        Assert.Equal(EveryKind.Lines(read), EveryKind.Lines(loaded));
    }

    // The clients of web are counted, and what they are is not looked at.
    [Fact]
    public void Who_asks_for_a_service_reads_its_namespace_only()
    {
        var loaded = Load(Lines(Read(Yaml)).Select(line => line.Contains("\"client-", StringComparison.Ordinal) ? Unreadable : line));

        Assert.Equal(Verdicts(Read(Yaml)), Verdicts(loaded));
        Assert.Equal("SnapshotDamaged", Assert.Throws<MeshException>(() => loaded.Pods[loaded.Pods.Count - 1]).Id);
    }

    [Theory]
    [InlineData("\"pods\":2", "\"pods\":1")]
    [InlineData("\"pods\":2", "\"pods\":3")]
    [InlineData("\"pods\":2", "\"pods\":-2")]
    [InlineData("\"name\":\"shop\",\"endpoint", "\"name\":\"zoo\",\"endpoint")]
    public void An_index_that_does_not_fit_is_refused(string said, string instead)
    {
        var lines = Lines(Read(Yaml)).Select(line => line.Contains(SavedNamespace.Kind, StringComparison.Ordinal) ? line.Replace(said, instead, StringComparison.Ordinal) : line);

        Assert.Contains(Assert.Throws<MeshException>(() => Load(lines)).Id, new[] { "SnapshotDamaged", "SnapshotObjectInvalid" });
    }

    [Theory]
    [InlineData("\"proxied\":1,\"plain\":1", "\"proxied\":2,\"plain\":0")]
    [InlineData("\"name\":\"shop\",\"endpoint", "\"name\":\"shoq\",\"endpoint")]
    public void What_an_index_says_of_a_namespace_is_checked_when_it_is_read(string said, string instead)
    {
        var loaded = Load(Lines(Read(Yaml)).Select(line => line.Contains(SavedNamespace.Kind, StringComparison.Ordinal) ? line.Replace(said, instead, StringComparison.Ordinal) : line));

        Assert.Equal("SnapshotDamaged", Assert.Throws<MeshException>(() => loaded.Pods.ToArray()).Id);
    }

    // Files of earlier versions have no index, and pods between other kinds.
    [Fact]
    public void A_file_without_an_index_is_read_at_once()
    {
        var lines = Lines(Read(Yaml)).Where(line => !line.Contains(SavedNamespace.Kind, StringComparison.Ordinal)).ToArray();
        var count = lines.Length - 1;
        var header = System.Text.RegularExpressions.Regex.Replace(lines[0], "\"objects\":\\d+", $"\"objects\":{count}");
        var loaded = Load([header, .. lines[1..].Reverse()]);

        Assert.IsNotType<SavedPods>(loaded.Pods);
        Assert.Equal(SnapshotFields.Of(Read(Yaml)), SnapshotFields.Of(loaded));
    }

    [Fact]
    public void Of_an_object_that_a_later_file_has_too_the_last_counts()
    {
        var path = Save(Lines(Read(Yaml)));
        var reader = new MeshSnapshotReader();
        reader.AddPath(path);
        reader.AddPath(path);
        reader.AddYaml(new StringReader(Pod("web", "client-0", "10.9.9.9")), "later");
        var snapshot = reader.Build();

        Assert.Equal(Read(Yaml).Count, snapshot.Count);
        Assert.Equal("10.9.9.9", snapshot.Pods.Single(pod => pod.Key == "web/client-0").IP);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Verdicts(MeshSnapshot snapshot)
    {
        var (tls, breakers) = (new MeshTlsResolver(snapshot), new MeshCircuitBreakerResolver(snapshot, definition: null));
        return
        [
            .. snapshot.Services.SelectMany(service => tls.Resolve(service)).Select(verdict => $"{verdict with { Clients = [] }} {string.Join(',', verdict.Clients)}"),
            .. snapshot.Services.SelectMany(service => breakers.Resolve(service)).Select(breaker => $"{breaker.Service} {breaker.ClientProxies} {breaker.State} {string.Join(',', breaker.Clients)}"),
        ];
    }

    private static string[] Lines(MeshSnapshot snapshot) => EveryKind.Lines(snapshot).TrimEnd('\n').Split('\n');

    private MeshSnapshot Load(IEnumerable<string> lines) => MeshSnapshotFile.Load(Save(lines));

    private string Save(IEnumerable<string> lines)
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return path;
    }
}
