using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>What an object says of itself before anything is read of it.</summary>
/// <param name="ApiVersion">Its <c>apiVersion</c>; null where it names none.</param>
/// <param name="Kind">Its <c>kind</c>; null where it names none, or names it only behind the items of a list.</param>
/// <param name="IsList">True where it holds <c>items</c>.</param>
internal readonly record struct ObjectHead(string? ApiVersion, string? Kind, bool IsList)
{
    /// <summary>Looks ahead on a copy of the reader, which is at the object's start. As a rule what it looks for stands first.</summary>
    internal static ObjectHead Peek(Utf8JsonReader reader, StringPool pool)
    {
        var (apiVersion, kind) = (default(string), default(string));
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("apiVersion"u8))
            {
                apiVersion = reader.NextText(pool);
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                kind = reader.NextText(pool);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                return new(apiVersion, kind, IsList: true);
            }
            else
            {
                reader.Skip();
            }

            if (apiVersion is not null && kind is not null && !kind.EndsWith("List", StringComparison.Ordinal))
                break;
        }

        return new(apiVersion, kind, IsList: kind?.EndsWith("List", StringComparison.Ordinal) == true);
    }
}
