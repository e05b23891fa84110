namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>A field that is not valid.</summary>
/// <param name="Reason">Such as <c>FieldValueInvalid</c>.</param>
/// <param name="Field">The path, such as <c>spec.replicas</c>.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record FieldProblem(string Reason, string Field, string Message)
{
    /// <summary>A value that is not allowed. <paramref name="value"/> is written as JSON.</summary>
    public static FieldProblem Invalid(string field, string value, string why) => new("FieldValueInvalid", field, $"Invalid value: {value}: {why}");

    /// <summary>A value that lacks.</summary>
    public static FieldProblem Required(string field, string why = "") =>
        new("FieldValueRequired", field, why.Length == 0 ? "Required value" : $"Required value: {why}");
}
