using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// What autoscalers and disruption budgets must say, in the API server's words: their controllers reckon with it
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ and
/// https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/).
/// </summary>
internal static partial class ScalingRules
{
    internal static void Check(ResourceKind kind, JsonObject json, List<FieldProblem> problems)
    {
        if (kind is { Group: "autoscaling", Kind: "HorizontalPodAutoscaler" })
            Autoscaler(json, problems);
        else if (kind is { Group: "policy", Kind: "PodDisruptionBudget" })
            Budget(json.Map("spec"), problems);
    }

    private static void Autoscaler(JsonObject json, List<FieldProblem> problems)
    {
        var (minimum, maximum) = (json.Number("spec", "minReplicas") ?? 1, json.Number("spec", "maxReplicas") ?? 0);
        if (minimum < 1)
            problems.Add(FieldProblem.Invalid("spec.minReplicas", Text(minimum), "must be greater than or equal to 1"));
        if (maximum < 1)
            problems.Add(FieldProblem.Invalid("spec.maxReplicas", Text(maximum), "must be greater than 0"));
        if (maximum < minimum)
            problems.Add(FieldProblem.Invalid("spec.maxReplicas", Text(maximum), "must be greater than or equal to `minReplicas`"));
    }

    private static void Budget(JsonObject spec, List<FieldProblem> problems)
    {
        foreach (var field in (string[])["minAvailable", "maxUnavailable"])
        {
            if (spec[field] is not JsonValue value)
                continue;
            if (!value.TryGetValue<string>(out var text))
            {
                if (value.Number() < 0)
                    problems.Add(FieldProblem.Invalid($"spec.{field}", value.ToJsonString(), "must be greater than or equal to 0"));
            }
            else if (!Percentage().IsMatch(text))
            {
                problems.Add(FieldProblem.Invalid($"spec.{field}", value.ToJsonString(), "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
            }
            else if (!int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var share) || share > 100)
            {
                problems.Add(FieldProblem.Invalid($"spec.{field}", value.ToJsonString(), "must not be greater than 100%"));
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^[0-9]+%\\z")]
    private static partial Regex Percentage();
}
