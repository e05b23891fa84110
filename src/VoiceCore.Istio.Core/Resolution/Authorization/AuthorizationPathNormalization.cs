using System.Globalization;
using System.Text;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// What the proxy does to a path before anything looks at it (<c>meshConfig.pathNormalization.normalization</c>).
/// Source: Istio's MeshConfig reference, ProxyPathNormalization; the details of BASE were observed on Envoy 1.40.
/// </summary>
internal sealed class AuthorizationPathNormalization
{
    // Characters that are always written as %XX; everything outside ASCII is, too.
    private const string Unsafe = "\"<>^`{|}";

    private readonly bool _normalize;
    private readonly bool _mergeSlashes;
    private readonly bool _decodeSlashes;

    /// <param name="option"><c>NONE</c>, <c>BASE</c>, <c>MERGE_SLASHES</c> or <c>DECODE_AND_MERGE_SLASHES</c>; anything else means <c>BASE</c>.</param>
    internal AuthorizationPathNormalization(string? option)
    {
        _normalize = option != "NONE";
        _decodeSlashes = option == "DECODE_AND_MERGE_SLASHES";
        _mergeSlashes = _decodeSlashes || option == "MERGE_SLASHES";
    }

    /// <summary>The path with its query, as the filters see it.</summary>
    internal string Apply(string pathAndQuery)
    {
        if (!_normalize || !pathAndQuery.StartsWith('/'))
            return pathAndQuery;
        var query = pathAndQuery.IndexOf('?') is var at and >= 0 ? at : pathAndQuery.Length;
        var path = pathAndQuery[..query];
        if (_decodeSlashes)
            path = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace("%5C", "\\", StringComparison.OrdinalIgnoreCase);
        var segments = RemoveDots(Characters(path).Split('/').AsSpan(1));
        if (_mergeSlashes)
            segments = segments.Where((segment, index) => segment.Length > 0 || index == segments.Count - 1).ToList();
        return "/" + string.Join('/', segments) + pathAndQuery[query..];
    }

    // One spelling of each character: unreserved ones plain, unsafe ones encoded, a backslash as a slash.
    private static string Characters(string path)
    {
        var result = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '%' && i + 2 < path.Length
                && byte.TryParse(path.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && (char.IsAsciiLetterOrDigit((char)code) || "-._~".Contains((char)code)))
            {
                result.Append((char)code);
                i += 2;
            }
            else if (c is '\\')
            {
                result.Append('/');
            }
            else if (c is <= ' ' or >= '\u007f' || Unsafe.Contains(c))
            {
                var length = i + 1 < path.Length && char.IsSurrogatePair(path[i], path[i + 1]) ? 2 : 1;
                foreach (var encoded in Encoding.UTF8.GetBytes(path.Substring(i, length)))
                    result.Append('%').Append(encoded.ToString("X2", CultureInfo.InvariantCulture));
                i += length - 1;
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static List<string> RemoveDots(ReadOnlySpan<string> segments)
    {
        var kept = new List<string>(segments.Length);
        for (var i = 0; i < segments.Length; i++)
        {
            // Parameters do not hide a dot segment: "..;x" is one.
            var end = segments[i].IndexOf(';');
            var name = end < 0 ? segments[i] : segments[i][..end];
            if (name is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }

            if (name == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            if (i == segments.Length - 1)
                kept.Add("");
        }

        return kept;
    }
}
