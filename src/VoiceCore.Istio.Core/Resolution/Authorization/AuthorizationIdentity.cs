using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Matches a peer's SPIFFE identity. Istio turns every form into a match over the whole identity text; so does this.
/// Source: pilot/pkg/security/authz/model/generator.go.
/// </summary>
internal static class AuthorizationIdentity
{
    internal static Func<string, bool> Principal(string value) => value switch
    {
        "*" => AuthorizationText.IsPresent,
        ['*', .. var suffix] => identity =>
            identity.Length >= IstioNames.SpiffeScheme.Length + suffix.Length
            && identity.StartsWith(IstioNames.SpiffeScheme, StringComparison.Ordinal)
            && identity.EndsWith(suffix, StringComparison.Ordinal),
        [.. var prefix, '*'] => identity => identity.StartsWith(IstioNames.SpiffeScheme + prefix, StringComparison.Ordinal),
        _ => identity => identity == IstioNames.SpiffeScheme + value,
    };

    /// <summary>A star stands for any text, so the literal parts must follow each other in the identity.</summary>
    internal static Func<string, bool> Namespace(string value)
    {
        var parts = $"/ns/{value}/".Split('*');
        return identity =>
        {
            var from = 0;
            foreach (var part in parts)
            {
                var at = identity.IndexOf(part, from, StringComparison.Ordinal);
                if (at < 0)
                    return false;
                from = at + part.Length;
            }

            return true;
        };
    }

    /// <summary><c>account</c> of the policy's namespace, or <c>namespace/account</c>. Further path segments may stand around it.</summary>
    internal static Func<string, bool> ServiceAccount(string value, string policyNamespace)
    {
        var slash = value.IndexOf('/');
        var @namespace = Regex.Escape(slash < 0 ? policyNamespace : value[..slash]);
        var account = Regex.Escape(value[(slash + 1)..]);
        var pattern = new Regex(
            $@"\Aspiffe://.+/ns/{@namespace}/(.+/|)sa/{account}(/.+)?\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return pattern.IsMatch;
    }

    /// <summary>A star stands for any text within the trust domain; there is one at most.</summary>
    internal static Func<string, bool> TrustDomain(string value)
    {
        if (value == "*")
            return identity => identity.StartsWith(IstioNames.SpiffeScheme, StringComparison.Ordinal);
        var star = value.IndexOf('*');
        var (head, tail) = star < 0 ? (value, null) : (value[..star], value[(star + 1)..]);
        return identity =>
        {
            if (!identity.StartsWith(IstioNames.SpiffeScheme, StringComparison.Ordinal))
                return false;
            var end = identity.IndexOf('/', IstioNames.SpiffeScheme.Length);
            if (end < 0)
                return false;
            var domain = identity.AsSpan(IstioNames.SpiffeScheme.Length, end - IstioNames.SpiffeScheme.Length);
            return tail is null
                ? domain.SequenceEqual(head)
                : domain.Length >= head.Length + tail.Length && domain.StartsWith(head) && domain.EndsWith(tail);
        };
    }
}
