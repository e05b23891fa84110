namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A MutatingWebhookConfiguration or ValidatingWebhookConfiguration. <see cref="MeshObject.Namespace"/> is empty.</summary>
public sealed record WebhookConfiguration : MeshObject
{
    /// <summary>True for a MutatingWebhookConfiguration.</summary>
    public required bool IsMutating { get; init; }

    /// <summary>The webhooks in order.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];
}

/// <summary>A webhook. Kubernetes calls it for objects that both selectors match.</summary>
public sealed record Webhook
{
    /// <summary>The name, such as <c>rev.namespace.sidecar-injector.istio.io</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Over the labels of the object's namespace.</summary>
    public LabelSelector NamespaceSelector { get; init; } = LabelSelector.Everything;

    /// <summary>Over the labels of the object.</summary>
    public LabelSelector ObjectSelector { get; init; } = LabelSelector.Everything;

    /// <summary>The names of conditions (<c>matchConditions</c>) that must hold as well; they are written in CEL and not kept.</summary>
    public IReadOnlyList<string> MatchConditions { get; init; } = [];

    /// <summary><c>Fail</c> or <c>Ignore</c>.</summary>
    public string FailurePolicy { get; init; } = "Fail";

    /// <summary>Namespace of the service that answers; empty where a URL is used.</summary>
    public string ServiceNamespace { get; init; } = "";

    /// <summary>The service that answers; empty where a URL is used.</summary>
    public string ServiceName { get; init; } = "";

    /// <summary>The URL that answers; null where a service does.</summary>
    public string? Url { get; init; }

    /// <summary>True where the API server was given a CA to trust the service by.</summary>
    public bool HasCaBundle { get; init; }
}

/// <summary>A label selector of Kubernetes: all pairs and all expressions must hold.</summary>
/// <param name="MatchLabels">Pairs that must be there.</param>
/// <param name="MatchExpressions">Expressions.</param>
public sealed record LabelSelector(LabelSet MatchLabels, IReadOnlyList<LabelExpression> MatchExpressions)
{
    /// <summary>The empty selector.</summary>
    public static readonly LabelSelector Everything = new(LabelSet.Empty, []);

    /// <summary>True where it asks for nothing, and so matches everything.</summary>
    public bool IsEmpty => MatchLabels.Count == 0 && MatchExpressions.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', MatchLabels.Select(label => $"{label.Key}={label.Value}").Concat(MatchExpressions.Select(expression => expression.ToString())));

    /// <summary>
    /// True where the labels satisfy the selector. As in Kubernetes, <c>NotIn</c> holds where the key is absent.
    /// An unknown operator matches nothing.
    /// </summary>
    public bool Matches(LabelSet labels)
    {
        if (!labels.Matches(MatchLabels))
            return false;
        foreach (var expression in MatchExpressions)
        {
            var value = labels[expression.Key];
            var holds = expression.Operator switch
            {
                "In" => value is not null && expression.Values.Contains(value),
                "NotIn" => value is null || !expression.Values.Contains(value),
                "Exists" => value is not null,
                "DoesNotExist" => value is null,
                _ => false,
            };
            if (!holds)
                return false;
        }

        return true;
    }
}

/// <summary>An expression of a label selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</param>
/// <param name="Values">The values of <c>In</c> and <c>NotIn</c>.</param>
public sealed record LabelExpression(string Key, string Operator, IReadOnlyList<string> Values)
{
    /// <inheritdoc/>
    public override string ToString() => Values.Count == 0 ? $"{Key} {Operator}" : $"{Key} {Operator} ({string.Join(',', Values)})";
}
