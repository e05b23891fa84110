using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Patches that Istio ignores or applies in an order that nobody promises. Source: pkg/config/analysis/analyzers/envoyfilter of Istio.</summary>
internal sealed class EnvoyFilterRule : IMeshRule
{
    private static readonly string[] Replaceable = ["NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST"];

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var ofOneVersion = new HashSet<string>(StringComparer.Ordinal);
        return mesh.Snapshot.OtherIstioObjects
            .Where(item => item.Kind == "EnvoyFilter")
            .SelectMany(item => ObjectSpec.Read(item, spec => OfFilter(item, spec, ofOneVersion).ToArray()));
    }

    private static IEnumerable<Finding> OfFilter(IstioObject item, JsonTree spec, HashSet<string> ofOneVersion)
    {
        var hasPriority = spec.Number("priority") != 0;
        var index = 0;
        foreach (var entry in spec.Items("configPatches"))
        {
            index++;
            if (entry.Field("patch") is not { } patch)
                yield break;
            var (applyTo, operation, name) = (entry.Text("applyTo", ""), patch.Text("operation", ""), FilterName(entry, patch));
            var isRoute = applyTo is "ROUTE_CONFIGURATION" or "HTTP_ROUTE";
            var isRelative = false;
            switch (operation)
            {
                case "ADD" when isRoute:
                    yield return ControlPlaneFindings.PatchCannotAdd.At(item.ToString(), index, applyTo);
                    break;
                case "REMOVE" when isRoute:
                    yield return ControlPlaneFindings.PatchCannotRemove.At(item.ToString(), index, applyTo);
                    break;
                case "REPLACE" when !Replaceable.Contains(applyTo):
                    yield return ControlPlaneFindings.PatchCannotReplace.At(item.ToString(), index, applyTo);
                    break;
                case "REMOVE" or "REPLACE" or "INSERT_BEFORE" or "INSERT_AFTER":
                    isRelative = !hasPriority;
                    break;
            }

            if (isRelative)
            {
                var rule = ofOneVersion.Contains(name) ? ControlPlaneFindings.PatchRelativeToVersion : ControlPlaneFindings.PatchRelative;
                yield return rule.At(item.ToString(), index, operation);
            }

            if (entry.Field("match").Field("proxy")?.Text("proxyVersion") is { Length: > 0 })
                ofOneVersion.Add(name);
        }
    }

    // The filter that the patch brings along, or else the one that it looks for.
    private static string FilterName(JsonTree entry, JsonTree patch)
    {
        if (patch.Field("value") is not { ValueKind: JsonValueKind.Object } value)
            return "";
        return value.Field("name") is { } name
            ? $"value {name}"
            : entry.Field("match").Field("listener").Field("filterChain").Field("filter")?.Text("name") ?? "";
    }
}
