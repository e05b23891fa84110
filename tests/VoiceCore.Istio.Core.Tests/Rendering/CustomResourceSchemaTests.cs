using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Tests.Definition;
using YamlDotNet.RepresentationModel;

namespace VoiceCore.Istio.Core.Tests.Rendering;

/// <summary>Istio's own CustomResourceDefinitions know every field that is rendered, with its type, enumeration and required keys.</summary>
public sealed class CustomResourceSchemaTests
{
    [Theory]
    [InlineData("1.21.0.yaml", IstioApiVersions.CommonName)]
    [InlineData("1.30.3.yaml", IstioApiVersions.CommonName)]
    [InlineData("1.30.3.yaml", IstioApiVersions.StableName)]
    public void EveryIstioObjectFits(string file, string versions)
    {
        var path = Path.Combine(SharedData.Folder ?? "", "istio-crds", file);
        Assert.SkipUnless(File.Exists(path), "Istio's CustomResourceDefinitions are not beside the repository.");
        var schemas = Schemas(path);

        var voiceCore = MeshDefinitionFile.VoiceCore with
        {
            Services = [.. MeshDefinitionFile.VoiceCore.Services.Select(service => service with
            {
                PortMtls = new Dictionary<int, MtlsMode> { [8080] = MtlsMode.Permissive },
            })],
        };
        var options = new RenderOptions { Revision = "1-30-3", ApiVersions = IstioApiVersions.Named(versions) };
        var objects = new[] { voiceCore, Examples.Shop }
            .SelectMany(definition => MeshRenderer.Render(definition, options).Objects)
            .Where(item => item.Object.ApiVersion.Contains("istio.io/", StringComparison.Ordinal) && item.Role != ManifestRole.ControlPlane)
            .ToList();

        Assert.NotEmpty(objects);
        Assert.All(objects, item =>
        {
            var key = $"{item.Object.ApiVersion} {item.Object.Kind}";
            Assert.True(schemas.TryGetValue(key, out var schema), $"{key} is not served");
            Assert.Empty(Problems(item.Object.Json["spec"], (YamlMappingNode)schema["properties"]["spec"], item.Object.ToString()));
        });
    }

    private static Dictionary<string, YamlMappingNode> Schemas(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(path);
        stream.Load(reader);
        return stream.Documents
            .Select(document => document.RootNode)
            .OfType<YamlMappingNode>()
            .Select(crd => crd["spec"])
            .SelectMany(spec => ((YamlSequenceNode)spec["versions"]).Select(version => (
                Key: $"{spec["group"]}/{version["name"]} {spec["names"]["kind"]}",
                Schema: (YamlMappingNode)version["schema"]["openAPIV3Schema"])))
            .ToDictionary(entry => entry.Key, entry => entry.Schema);
    }

    private static IEnumerable<string> Problems(JsonNode? value, YamlMappingNode schema, string path)
    {
        if (Child(schema, "enum") is YamlSequenceNode choices && !choices.Any(choice => choice.ToString() == value!.ToString()))
            yield return $"{path}: {value} is none of {choices}";

        if (Child(schema, "x-kubernetes-preserve-unknown-fields") is not null)
            yield break;

        switch (value)
        {
            case JsonObject json:
                foreach (var required in (Child(schema, "required") as YamlSequenceNode ?? []).Where(name => !json.ContainsKey(name.ToString())))
                    yield return $"{path}: {required} is missing";
                foreach (var (name, child) in json)
                {
                    var childSchema = Child(Child(schema, "properties"), name) ?? Child(schema, "additionalProperties");
                    if (childSchema is not YamlMappingNode known)
                    {
                        yield return $"{path}.{name} is not known";
                        continue;
                    }

                    foreach (var problem in Problems(child, known, $"{path}.{name}"))
                        yield return problem;
                }

                break;

            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    foreach (var problem in Problems(array[i], (YamlMappingNode)schema["items"], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
                        yield return problem;
                }

                break;

            default:
                var type = Child(schema, "type")?.ToString();
                var fits = value!.GetValueKind() switch
                {
                    System.Text.Json.JsonValueKind.String => type == "string",
                    System.Text.Json.JsonValueKind.Number => type is "integer" or "number",
                    _ => type == "boolean",
                };
                if (!fits)
                    yield return $"{path}: {value} is no {type}";
                break;
        }
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(key, out var child) ? child : null;
}
