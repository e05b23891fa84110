using System.Net;
using System.Net.Sockets;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// A block of addresses as Envoy compares it: bits beyond the prefix are ignored, and IPv4 never equals IPv6.
/// A single address is a block of its own.
/// </summary>
internal sealed class AuthorizationAddressRange
{
    private readonly AddressFamily _family;
    private readonly byte[] _prefix;
    private readonly int _length;

    private AuthorizationAddressRange(IPAddress address, int length)
    {
        _family = address.AddressFamily;
        _prefix = address.GetAddressBytes();
        _length = length;
    }

    internal static AuthorizationAddressRange? TryParse(string text)
    {
        var slash = text.IndexOf('/');
        if (TryParseAddress(slash < 0 ? text : text[..slash]) is not { } address)
            return null;
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
            return new(address, bits);
        return int.TryParse(text.AsSpan(slash + 1), out var length) && length >= 0 && length <= bits ? new(address, length) : null;
    }

    /// <summary>An address in its full form; <see cref="IPAddress"/> alone would also take <c>10.1</c>.</summary>
    internal static IPAddress? TryParseAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily != AddressFamily.InterNetwork || text.AsSpan().Count('.') == 3) ? address : null;

    internal bool Contains(IPAddress? address)
    {
        if (address is null || address.AddressFamily != _family)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _))
            return false;
        var whole = _length / 8;
        if (!bytes[..whole].SequenceEqual(_prefix.AsSpan(0, whole)))
            return false;
        var rest = _length % 8;
        return rest == 0 || (bytes[whole] ^ _prefix[whole]) >> (8 - rest) == 0;
    }
}
