using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>What is said of requests with tokens beside what real proxies make of them (<c>TokenMesh.yaml</c>).</summary>
[Collection(nameof(LabMesh))]
public sealed class TokenLabTests(LabMesh mesh, ITestOutputHelper output) : IDisposable
{
    private static readonly (string To, string? Claims)[] Questions =
    [
        ("open", null),
        ("open", """{ "iss": "https://a", "sub": "x" }"""),
        ("one", null),
        ("one", """{ "iss": "https://a", "sub": "x" }"""),
        ("one", """{ "iss": "https://b", "sub": "x" }"""),
        ("one", """{ "sub": "x" }"""),
        ("audience", """{ "iss": "https://a", "aud": "shop" }"""),
        ("audience", """{ "iss": "https://a", "aud": ["other", "shop"] }"""),
        ("audience", """{ "iss": "https://a", "aud": "https://shop/" }"""),
        ("audience", """{ "iss": "https://a", "aud": "market.example" }"""),
        ("audience", """{ "iss": "https://a", "aud": "other" }"""),
        ("audience", """{ "iss": "https://a" }"""),
        ("audience", """{ "iss": "https://b", "aud": "shop" }"""),
        ("two", null),
        ("two", """{ "iss": "https://a", "aud": "shop" }"""),
        ("two", """{ "iss": "https://a", "aud": "other" }"""),
        ("two", """{ "iss": "https://b" }"""),
        ("two", """{ "iss": "https://c" }"""),
        ("guarded", null),
        ("guarded", """{ "iss": "https://a", "sub": "x" }"""),
        ("guarded", """{ "iss": "https://a" }"""),
        ("guarded", """{ "iss": "https://b", "sub": "x" }"""),
        ("spaces", """{ "iss": "https://a", "groups": "users admin" }"""),
        ("spaces", """{ "iss": "https://a", "groups": "users" }"""),
        ("rooted", """{ "iss": "https://a" }"""),
        ("rooted", """{ "iss": "https://b" }"""),
    ];

    private readonly RSA _key = RSA.Create(2048);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Tokens_are_taken_and_refused_as_said()
    {
        mesh.SkipWhenAbsent();
        await ApplyAsync();
        await mesh.ConvergeAsync(await mesh.ReadyAsync("tokens"));

        var live = await mesh.SnapshotAsync();
        var tester = new AuthorizationTester(live);
        var different = 0;
        foreach (var (to, text) in Questions)
        {
            var claims = text is null ? null : JsonNode.Parse(text)!.AsObject();
            var answer = Assert.Single(tester.Run(new AuthorizationQuery { From = "tokens/caller", To = $"tokens/{to}", Port = 80, Path = "/x", Claims = claims }));
            var said = answer.Decision switch { AuthorizationDecision.Allow => 200, AuthorizationDecision.Unauthorized => 401, _ => 403 };
            var happened = await StatusAsync(live, to, claims);
            if (said != happened)
                different++;
            output.WriteLine($"{(said == happened ? "equal" : "OTHER")}  {to,-9} {text,-60} said {said} ({answer.Reason}) happened {happened}");
        }

        Assert.Equal(0, different);
    }

    private async Task ApplyAsync()
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        var keys = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["alg"] = "RS256",
                ["use"] = "sig",
                ["kid"] = "test",
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
        var path = Path.GetTempFileName();
        try
        {
            var manifest = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "TokenMesh.yaml"));
            await File.WriteAllTextAsync(path, manifest.Replace("JWKS'", keys.ToJsonString() + "'", StringComparison.Ordinal));
            await mesh.ApplyAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<int> StatusAsync(MeshSnapshot live, string to, JsonObject? claims)
    {
        var service = live.Services.Single(service => service.Key == $"tokens/{to}");
        string[] token = claims is null ? [] : ["-H", $"Authorization: Bearer {Token(claims)}"];
        var answer = await mesh.CurlAsync(
            live.Pods.Single(pod => pod.Key == "tokens/caller"),
            ["-s", "-o", "/dev/null", "--max-time", "20", "--connect-to", $"::{service.ClusterIP}:80", "-w", "%{http_code}", .. token, $"http://{to}.tokens.svc.cluster.local/x"]);
        return int.Parse(answer.Output, CultureInfo.InvariantCulture);
    }

    private string Token(JsonObject claims)
    {
        var payload = claims.DeepClone().AsObject();
        payload["exp"] = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var text = $"{Encoded("""{"alg":"RS256","typ":"JWT","kid":"test"}""")}.{Encoded(payload.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(_key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encoded(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
