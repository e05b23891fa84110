using System.IO.Compression;
using System.Text;
using CsCheck;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>Whatever the bytes, a snapshot is read or refused with an error of ours; what is read can be judged.</summary>
public sealed class SnapshotRobustnessTests : IDisposable
{
    private static readonly string Yaml = string.Concat(
        Tenant(sidecars: [true, false]), Pod("web", "client-0", "10.0.1.1"), Peer("shop", "STRICT", ", portLevelMtls: { 8080: { mode: DISABLE } }"), Rule("web", "*.local", "{ tls: { mode: DISABLE } }"),
        """
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: v, namespace: shop }
        spec: { hosts: [tenant], http: [{ match: [{ uri: { prefix: / }, sourceNamespace: web }], route: [{ destination: { host: tenant, port: { number: 80 } }, weight: 1 }], timeout: 5s, retries: { attempts: 2 } }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: s, namespace: web }
        spec: { workloadSelector: { labels: { app: client } }, egress: [{ port: { number: 80, protocol: HTTP }, hosts: ["shop/*"] }] }
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: a, namespace: shop }
        spec: { rules: [{ from: [{ source: { namespaces: [web] } }], to: [{ operation: { methods: [GET] } }], when: [{ key: "request.headers[a]", values: [b] }] }] }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio, namespace: istio-system, labels: { istio.io/rev: default } }
        data: { mesh: "rootNamespace: istio-system\nenableAutoMtls: true\n" }

        """);

    private readonly string _folder = Directory.CreateTempSubdirectory("voicecore-snapshot-").FullName;

    [Fact]
    public void Damaged_YAML() => Damages(Encoding.UTF8.GetBytes(Yaml)).Sample(bytes => Answers(reader => reader.AddYaml(bytes, "test")), iter: 4000);

    [Fact]
    public void Damaged_JSON() => Damages(Json()).Sample(bytes => Answers(reader => reader.AddJson(bytes, "test")), iter: 6000);

    [Fact]
    public void Random_bytes() => Gen.Byte.Array[0, 300].Sample(
        bytes =>
        {
            Answers(reader => reader.AddYaml(bytes, "test"));
            Answers(reader => reader.AddJson(bytes, "test"));
        },
        iter: 3000);

    [Fact]
    public void Damaged_files_that_are_compressed()
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        using (var file = new GZipStream(File.Create(path), CompressionLevel.Optimal))
            file.Write(Json());

        Damages(File.ReadAllBytes(path)).Sample(
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                Answers(reader => reader.AddPath(path));
            },
            threads: 1,
            iter: 500);
    }

    [Fact]
    public void A_file_of_UTF16_as_Windows_PowerShell_writes_it()
    {
        var path = Path.Combine(_folder, "mesh.yaml");
        File.WriteAllText(path, Yaml, Encoding.Unicode);

        Assert.Equal(3, MeshSnapshotReader.ReadPath(path).Pods.Count);
    }

    // The work is counted in what comes out, not in time: a short text cannot make much of itself.
    [Theory]
    [InlineData("a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g]\n", 1)]
    [InlineData("[", 5000)]
    [InlineData("{a: ", 5000)]
    [InlineData("- ", 5000)]
    [InlineData("a:\n", 1)]
    public void What_nests_or_grows_without_end_is_refused(string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));
        if (piece == "a:\n")
            text = string.Concat(Enumerable.Range(0, 200).Select(depth => new string(' ', depth) + piece));

        Assert.Throws<MeshException>(() => new MeshSnapshotReader().AddYaml(new StringReader(text), "test"));
    }

    [Fact]
    public void Aliases_of_many_documents_are_counted_together()
    {
        var document = "---\na: &a " + new string('x', 100_000) + "\nb: [*a, *a, *a, *a, *a]\n";

        Assert.Throws<MeshException>(() => new MeshSnapshotReader().AddYaml(new StringReader(string.Concat(Enumerable.Repeat(document, 10))), "test"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Gen<byte[]> Damages(byte[] valid) =>
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Int[0, 20], Gen.OneOf(Gen.Byte.Array[0, 3], Gen.Const("null"u8.ToArray()), Gen.Const("{}"u8.ToArray()), Gen.Const("[1]"u8.ToArray()), Gen.Const("\"x\""u8.ToArray()), Gen.Const("-1"u8.ToArray()))).Array[1, 4].Select(damages =>
        {
            var bytes = valid.ToList();
            foreach (var (at, length, piece) in damages)
            {
                var start = Math.Min(at, bytes.Count);
                bytes.RemoveRange(start, Math.Min(length, bytes.Count - start));
                bytes.InsertRange(start, piece);
            }

            return bytes.ToArray();
        });

    private static byte[] Json()
    {
        var documents = new Core.Snapshot.Reading.YamlDocuments(Encoding.UTF8.GetBytes(Yaml));
        var items = new List<string>();
        while (documents.Next(out var json))
            items.Add(Encoding.UTF8.GetString(json.Span));
        return Encoding.UTF8.GetBytes($$"""{"kind":"List","apiVersion":"v1","items":[{{string.Join(',', items)}}]}""");
    }

    private static void Answers(Action<MeshSnapshotReader> add)
    {
        MeshSnapshot snapshot;
        try
        {
            var reader = new MeshSnapshotReader();
            add(reader);
            snapshot = reader.Build();
        }
        catch (MeshException)
        {
            return;
        }

        var resolver = new MeshTlsResolver(snapshot);
        foreach (var service in snapshot.Services)
            Assert.All(resolver.Resolve(service), verdict => Assert.NotEmpty(verdict.Reason));
    }
}
