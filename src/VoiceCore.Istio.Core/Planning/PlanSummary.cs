namespace VoiceCore.Istio.Core.Planning;

/// <summary>Rows in one line: <c>3 Create, 1 Update</c>.</summary>
internal static class PlanSummary
{
    internal static string Of(IEnumerable<PlanRow> rows) =>
        string.Join(", ", rows.GroupBy(row => row.Action).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}").DefaultIfEmpty("nothing to do"));
}
