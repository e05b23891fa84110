using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class MeshDefinitionReaderTests
{
    private const string Small =
        """
        apiVersion: mesh.voicecore.io/v1
        kind: MeshDefinition
        product: shop
        namespace: shop
        namespaces:
          shop: { injection: true }
          istio-system: {}
        services:
          cart:
            replicas: 3
            ports:
              http: { port: 80 }
            timeout: 10s

        """;

    [Fact]
    public void ReadsASmallDefinitionWithDefaults()
    {
        var document = MeshDefinitionReader.Read(Small);

        Assert.True(document.IsValid, string.Join('\n', document.Findings));
        var cart = Assert.Single(document.Definition!.Services);
        Assert.Equal("cart", cart.ServiceAccount);
        Assert.Equal("v1", cart.Version);
        Assert.Equal(new ReplicaRange(3, 3), cart.Replicas);
        Assert.Equal(new ServicePort("http", 80, 80, ServiceProtocol.Http), Assert.Single(cart.Ports));
        Assert.Equal(MtlsMode.Strict, document.Definition.Mesh.Mtls);
        Assert.Null(document.Definition.Ingress);
    }

    [Fact]
    public void LineEndingsAndByteOrderMarkDoNotMatter()
    {
        var document = MeshDefinitionReader.Read("\uFEFF" + Small.ReplaceLineEndings("\r\n").Replace("10s", "10", StringComparison.Ordinal));
        var finding = Assert.Single(document.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal((DocumentFindings.WrongType.Code, 13, 14), (finding.Code, finding.Line, finding.Column));
    }

    [Theory]
    [InlineData("timeout: 10s", "timout: 10s", "VCM0004", "services.cart.timout", 13, 5)]
    [InlineData("timeout: 10s", "timeout: [10s]", "VCM0006", "services.cart.timeout", 13, 14)]
    [InlineData("timeout: 10s", "timeout: 10", "VCM0006", "services.cart.timeout", 13, 14)]
    [InlineData("timeout: 10s", "timeout: 25h", "VCM0007", "services.cart.timeout", 13, 14)]
    [InlineData("timeout: 10s", "timeout:", "VCM0006", "services.cart.timeout", 13, 13)]
    [InlineData("replicas: 3", "replicas: '3'", "VCM0006", "services.cart.replicas", 10, 15)]
    [InlineData("replicas: 3", "replicas: 0", "VCM0007", "services.cart.replicas", 10, 15)]
    [InlineData("replicas: 3", "replicas: 99999999999", "VCM0006", "services.cart.replicas", 10, 15)]
    [InlineData("replicas: 3", "replicas: three", "VCM0006", "services.cart.replicas", 10, 15)]
    [InlineData("replicas: 3", "loadBalancing: FASTEST", "VCM0007", "services.cart.loadBalancing", 10, 20)]
    [InlineData("{ port: 80 }", "{ port: 70000 }", "VCM0007", "services.cart.ports.http.port", 12, 21)]
    [InlineData("{ port: 80 }", "{}", "VCM0008", "services.cart.ports.http.port", 12, 13)]
    [InlineData("{ port: 80 }", "{ port: 80, protocol: http }", "VCM0007", "services.cart.ports.http.protocol", 12, 35)]
    [InlineData("injection: true", "injection: yes", "VCM0006", "namespaces.shop.injection", 6, 22)]
    [InlineData("product: shop", "product: Shop", "VCM0007", "product", 3, 10)]
    [InlineData("product: shop\n", "", "VCM0008", "product", 1, 1)]
    [InlineData("product: shop", "product: shop\nproduct: other", "VCM0009", "product", 4, 1)]
    [InlineData("  cart:", "  Cart:", "VCM0007", "services.Cart", 9, 3)]
    [InlineData("services:", "citadel: {}\nservices:", "VCM0005", "citadel", 8, 1)]
    [InlineData("kind: MeshDefinition", "kind: Deployment", "VCM0003", "kind", 2, 1)]
    [InlineData("mesh.voicecore.io/v1", "mesh.voicecore.io/v9", "VCM0003", "apiVersion", 1, 1)]
    [InlineData("replicas: 3", "replicas: 3\n    autoscaling: { minReplicas: 1, maxReplicas: 2 }", "VCM0011", "services.cart.replicas", 10, 5)]
    [InlineData("replicas: 3", "mtls: { ports: { eighty: STRICT } }", "VCM0007", "services.cart.mtls.ports.eighty", 10, 22)]
    [InlineData("replicas: 3", "callers: [cart, cart]", "VCM0009", "services.cart.callers[1]", 10, 21)]
    [InlineData("replicas: 3", "callers: [{}]", "VCM0006", "services.cart.callers[0]", 10, 15)]
    [InlineData("replicas: 3", "resources: { requests: { cpu: lots } }", "VCM0007", "services.cart.resources.requests.cpu", 10, 35)]
    public void NamesTheProblemAndItsPlace(string part, string replacement, string code, string subject, int line, int column)
    {
        var document = MeshDefinitionReader.Read(Small.ReplaceLineEndings("\n").Replace(part, replacement, StringComparison.Ordinal), "shop.yaml");

        Assert.False(document.IsValid);
        var finding = Assert.Single(document.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal((code, subject, line, column), (finding.Code, finding.Subject, finding.Line, finding.Column));
        Assert.Equal("shop.yaml", finding.Path);
    }

    [Fact]
    public void SuggestsTheKeyThatWasMeant()
    {
        var document = MeshDefinitionReader.Read(Small.Replace("timeout: 10s", "timout: 10s", StringComparison.Ordinal));
        Assert.Contains("Did you mean 'timeout'?", Assert.Single(document.Findings, finding => finding.Severity == FindingSeverity.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReportsEverythingAtOnceInTheOrderOfTheDocument()
    {
        var document = MeshDefinitionReader.Read(
            """
            apiVersion: mesh.voicecore.io/v1
            kind: MeshDefinition
            product: 7 shops
            namespaces: []
            services:
              cart:
                ports: { http: { port: -1 } }
                retries: { attempts: many, perTryTimeout: soon }
                circuitBreaker: { maxConnections: 1 }
                colour: red
            """);

        Assert.Equal(
            [
                ("VCM0008", "namespace", 1),
                ("VCM0007", "product", 3),
                ("VCM0006", "namespaces", 4),
                ("VCM0007", "services.cart.ports.http.port", 7),
                ("VCM0006", "services.cart.retries.attempts", 8),
                ("VCM0006", "services.cart.retries.perTryTimeout", 8),
                ("VCM0008", "services.cart.circuitBreaker.maxPendingRequests", 9),
                ("VCM0008", "services.cart.circuitBreaker.consecutiveErrors", 9),
                ("VCM0008", "services.cart.circuitBreaker.ejectionTime", 9),
                ("VCM0004", "services.cart.colour", 10),
            ],
            document.Findings.Select(finding => (finding.Code, finding.Subject!, finding.Line)));
    }

    [Theory]
    [InlineData("", "VCM0006")]
    [InlineData("# only a comment", "VCM0006")]
    [InlineData("- a\n- b", "VCM0006")]
    [InlineData("just text", "VCM0006")]
    [InlineData("a: [1, 2", "VCM0001")]
    [InlineData("a: b\n\tc: d", "VCM0001")]
    [InlineData("? [a]\n: b", "VCM0001")]
    [InlineData("a: &x 1\nb: *x", "VCM0002")]
    [InlineData("a: *nothing", "VCM0002")]
    public void RefusesWhatIsNoDefinition(string text, string code)
    {
        var document = MeshDefinitionReader.Read(text);
        Assert.Null(document.Definition);
        Assert.Equal(code, Assert.Single(document.Findings).Code);
    }

    [Fact]
    public void RefusesASecondDocument() =>
        Assert.Equal("VCM0010", Assert.Single(MeshDefinitionReader.Read(Small + "---\na: b\n").Findings, finding => finding.Severity == FindingSeverity.Error).Code);

    [Fact]
    public void BoundsDepth() =>
        Assert.Equal("VCM0002", Assert.Single(MeshDefinitionReader.Read(new string('[', 100_000)).Findings).Code);

    [Fact]
    public void BoundsSize() =>
        Assert.Equal("VCM0002", Assert.Single(MeshDefinitionReader.Read(new string('#', 2_000_000)).Findings).Code);
}
