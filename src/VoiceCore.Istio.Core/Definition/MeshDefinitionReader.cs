using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Yaml;
using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// Reads definitions. The text is not trusted: it is bounded in size and depth and may have no aliases; no text makes the reader throw.
/// </summary>
public static class MeshDefinitionReader
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    /// <summary>Reads a definition and reports every problem at once. <paramref name="file"/> is only named in the findings.</summary>
    public static MeshDefinitionDocument Read(string text, string? file = null)
    {
        var problems = new DocumentProblems(file);
        var definition = ReadRoot(text, problems);
        if (definition is not null && !problems.HasErrors)
        {
            foreach (var finding in DefinitionRules.Check(definition))
                problems.Add(finding);
        }

        return new MeshDefinitionDocument(problems.HasErrors ? null : definition, problems.Findings);
    }

    private static MeshDefinition? ReadRoot(string text, DocumentProblems problems)
    {
        IReadOnlyList<YamlNode> documents;
        try
        {
            documents = YamlTree.Read(text);
        }
        catch (YamlProblem problem)
        {
            var place = new YamlScalar("", IsPlain: true, problem.Line, problem.Column);
            problems.Report(problem.IsLimit ? DocumentFindings.LimitExceeded : DocumentFindings.InvalidYaml, place, "", problem.Message);
            return null;
        }

        if (documents.Count > 1)
            problems.Report(DocumentFindings.SecondDocument, documents[1], "");
        if (documents.Count > 0 && documents[0] is YamlMapping root)
        {
            problems.Remember("", root);
            return Definition(new MappingReader(root, "", problems));
        }

        var found = documents.Count > 0 ? documents[0] : new YamlScalar("", IsPlain: true, 1, 1);
        problems.Report(DocumentFindings.WrongType, found, "", "The document", "not a mapping", "a mapping that begins with apiVersion and kind");
        return null;
    }

    private static MeshDefinition? Definition(MappingReader root)
    {
        // Another kind of document would only give a long list of unknown keys.
        if (!Is(root, "apiVersion", MeshDefinition.ApiVersion) | !Is(root, "kind", MeshDefinition.Kind))
            return null;

        var gateways = root.Mapping("gateways");
        var definition = new MeshDefinition
        {
            Product = root.RequiredText("product", TextRule.DnsLabel),
            Namespace = root.RequiredText("namespace", TextRule.DnsLabel),
            Namespaces = Namespaces(root.RequiredMapping("namespaces", "a mapping from names to { injection: true or false }")),
            Mesh = Mesh(root.Mapping("mesh")),
            ZeroTrust = RequirementReader.ZeroTrust(root.Mapping("zeroTrust")),
            RateLimits = RequirementReader.RateLimits(root.Mapping("rateLimits")),
            Alerts = RequirementReader.Alerts(root.Mapping("alerts")),
            ControlPlane = ControlPlane(root.Mapping("controlPlane")),
            Images = Images(root.Mapping("images")),
            Ingress = GatewayReader.Gateway(gateways?.Mapping("ingress"), isIngress: true),
            Egress = GatewayReader.Gateway(gateways?.Mapping("egress"), isIngress: false),
            Services = ServiceReader.Services(root.RequiredMapping("services", "a mapping from names to services")),
        };
        gateways?.End();
        root.End();
        return definition;
    }

    private static bool Is(MappingReader root, string key, string expected)
    {
        var any = new TextRule($"'{expected}'", _ => true);
        var value = root.RequiredText(key, any);
        if (value == expected)
            return true;
        if (value.Length > 0)
            root.Report(DocumentFindings.UnknownDocument, key, key, value.Length <= 60 ? value : value[..60], expected);
        return false;
    }

    private static NamespaceDefinition[] Namespaces(MappingReader? reader) =>
        reader is null ? [] :
        [
            .. reader.Parts(TextRule.DnsLabel).Select(part => Ended(part.Part, ns => new NamespaceDefinition(part.Name, ns.Boolean("injection") ?? false))),
        ];

    private static MeshSettings Mesh(MappingReader? reader)
    {
        var defaults = new MeshSettings();
        return reader is null ? defaults : Ended(reader, mesh => new MeshSettings
        {
            TrustDomain = mesh.Text("trustDomain", TextRule.DnsName) ?? defaults.TrustDomain,
            ClusterDomain = mesh.Text("clusterDomain", TextRule.DnsName) ?? defaults.ClusterDomain,
            RootNamespace = mesh.Text("rootNamespace", TextRule.DnsLabel) ?? defaults.RootNamespace,
            Mtls = mesh.Choice<MtlsMode>("mtls") ?? defaults.Mtls,
            Certificates = Certificates(mesh.Mapping("certificates")),
            Tracing = Tracing(mesh.Mapping("tracing")),
            AccessLog = AccessLog(mesh.Mapping("accessLog")),
        });
    }

    private static CertificatePolicy Certificates(MappingReader? reader)
    {
        var defaults = new CertificatePolicy();
        return reader is null ? defaults : Ended(reader, certificates => new CertificatePolicy
        {
            Lifetime = certificates.Duration("lifetime", Hour, TenYears) ?? defaults.Lifetime,
            RotateBefore = certificates.Duration("rotateBefore", TimeSpan.FromMinutes(1), TenYears),
            GracePeriod = certificates.Duration("gracePeriod", TimeSpan.FromMinutes(1), TenYears),
        });
    }

    private static TracingDefinition? Tracing(MappingReader? reader) => reader is null ? null : Ended(reader, tracing =>
    {
        var defaults = new TracingDefinition { Service = "" };
        return new TracingDefinition
        {
            SamplingPercentage = tracing.Number("samplingPercentage", 0, 100) ?? defaults.SamplingPercentage,
            Provider = tracing.Text("provider", TextRule.DnsLabel) ?? defaults.Provider,
            Service = tracing.RequiredText("service", TextRule.DnsName),
            Port = tracing.Integer("port", 1, WorkloadReader.MaxPort) ?? defaults.Port,
        };
    });

    private static AccessLogDefinition? AccessLog(MappingReader? reader)
    {
        var defaults = new AccessLogDefinition();
        return reader is null ? null : Ended(reader, log => new AccessLogDefinition
        {
            File = log.Text("file", TextRule.HttpPath) ?? defaults.File,
            Encoding = log.Choice<AccessLogEncoding>("encoding") ?? defaults.Encoding,
        });
    }

    private static ControlPlaneDefinition ControlPlane(MappingReader? reader)
    {
        var defaults = new ControlPlaneDefinition();
        return reader is null ? defaults : Ended(reader, controlPlane => new ControlPlaneDefinition
        {
            Namespace = controlPlane.Text("namespace", TextRule.DnsLabel) ?? defaults.Namespace,
            Hub = controlPlane.Text("hub", TextRule.Image),
            Replicas = WorkloadReader.Replicas(controlPlane, defaults.Replicas),
            Resources = WorkloadReader.Resources(controlPlane.Mapping("resources")),
            Settings = Settings(controlPlane.Mapping("settings")),
        });
    }

    private static Dictionary<string, string> Settings(MappingReader? reader)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in reader?.Keys ?? [])
        {
            if (reader!.AcceptKey(path, TextRule.SettingPath) && reader.Text(path, TextRule.SettingValue) is { } value)
                settings[path] = value;
        }

        return settings;
    }

    private static ImageSource Images(MappingReader? reader) => reader is null ? new ImageSource() : Ended(reader, images => new ImageSource
    {
        Registry = images.Text("registry", TextRule.Image),
        Tag = images.Text("tag", TextRule.ImageTag),
    });
}
