using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>
/// Who owns which fields of an object (https://kubernetes.io/docs/reference/using-api/server-side-apply/): the content of
/// <c>metadata.managedFields</c>.
/// </summary>
internal sealed class ManagedFields
{
    private readonly Dictionary<FieldOwner, Entry> _entries = [];

    internal IEnumerable<(FieldOwner Owner, FieldSet Fields, string Time)> Entries =>
        _entries.Select(entry => (entry.Key, entry.Value.Fields, entry.Value.Time));

    internal bool IsEmpty => _entries.Count == 0;

    /// <summary>What everybody owns.</summary>
    internal FieldSet All => _entries.Values.Aggregate(new FieldSet(), (all, entry) => all.Union(entry.Fields));

    internal static ManagedFields Read(JsonObject json)
    {
        var fields = new ManagedFields();
        foreach (var entry in ((json["metadata"] as JsonObject)?["managedFields"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var apiVersion = ObjectFields.Text(entry, "apiVersion") ?? "";
            var owner = FieldOwner.Of(ObjectFields.Text(entry, "manager") ?? "", ObjectFields.Text(entry, "operation") ?? "", apiVersion, ObjectFields.Text(entry, "subresource"));
            if (entry["fieldsV1"] is JsonObject set && set.Count > 0)
                fields._entries[owner] = new Entry(FieldSet.FromJson(set), apiVersion, ObjectFields.Text(entry, "time") ?? "");
        }

        return fields;
    }

    /// <summary>Writes them into an object, in the API server's order.</summary>
    internal void Write(JsonObject json)
    {
        var list = new JsonArray();
        foreach (var (owner, entry) in _entries
            .OrderBy(entry => entry.Key.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Value.Time, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Manager, StringComparer.Ordinal)
            .ThenBy(entry => entry.Value.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Subresource, StringComparer.Ordinal))
        {
            var item = new JsonObject
            {
                ["manager"] = owner.Manager,
                ["operation"] = owner.Operation,
                ["apiVersion"] = entry.ApiVersion,
                ["time"] = entry.Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = entry.Fields.ToJson(),
            };
            if (owner.Subresource.Length > 0)
                item["subresource"] = owner.Subresource;
            list.Add(item);
        }

        json.Metadata()["managedFields"] = list;
    }

    internal FieldSet Of(FieldOwner owner) => _entries.TryGetValue(owner, out var entry) ? entry.Fields : new FieldSet();

    /// <summary>Sets what an owner owns; the time moves only where that is something else than before.</summary>
    internal void Set(FieldOwner owner, FieldSet fields, string apiVersion, string now)
    {
        if (fields.IsEmpty)
            _entries.Remove(owner);
        else if (!_entries.TryGetValue(owner, out var entry) || entry.ApiVersion != apiVersion || !entry.Fields.SameAs(fields))
            _entries[owner] = new Entry(fields, apiVersion, now);
    }

    /// <summary>Takes fields from all owners but one.</summary>
    internal void TakeFromOthers(FieldOwner owner, FieldSet fields)
    {
        foreach (var (other, entry) in _entries.Where(entry => entry.Key != owner).ToList())
        {
            var rest = entry.Fields.Except(fields);
            if (rest.IsEmpty)
                _entries.Remove(other);
            else
                _entries[other] = entry with { Fields = rest };
        }
    }

    private sealed record Entry(FieldSet Fields, string ApiVersion, string Time);
}
