using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>How Istio compares host names. Source: pkg/config/host/name.go and <c>ResolveShortnameToFQDN</c> in pilot/pkg/model/config.go.</summary>
internal static class HostName
{
    internal static bool IsWildcard(string host) => host.StartsWith('*');

    /// <summary>A name without a dot is completed with the namespace of the object that holds it; anything else, an address of IPv6 too, is taken as written.</summary>
    internal static string Complete(string host, string @namespace, string clusterDomain) =>
        host == "*" || host.Contains('.') || host.Contains(':') ? host : $"{host}.{@namespace}.svc.{clusterDomain}";

    /// <summary>True where some name is meant by both.</summary>
    internal static bool Matches(string left, string right) => (IsWildcard(left), IsWildcard(right)) switch
    {
        (true, true) => left.Length < right.Length
            ? right.AsSpan(1).EndsWith(left.AsSpan(1), StringComparison.Ordinal)
            : left.AsSpan(1).EndsWith(right.AsSpan(1), StringComparison.Ordinal),
        (true, false) => right.AsSpan().EndsWith(left.AsSpan(1), StringComparison.Ordinal),
        (false, true) => left.AsSpan().EndsWith(right.AsSpan(1), StringComparison.Ordinal),
        _ => left == right,
    };

    /// <summary>True where every name that <paramref name="host"/> means is meant by <paramref name="other"/>.</summary>
    internal static bool IsSubsetOf(string host, string other)
    {
        if (IsWildcard(host))
            return IsWildcard(other) && host.Length >= other.Length && host.AsSpan(1).EndsWith(other.AsSpan(1), StringComparison.Ordinal);
        return IsWildcard(other) ? host.AsSpan().EndsWith(other.AsSpan(1), StringComparison.Ordinal) : host == other;
    }

    /// <summary>The cluster's name for a service of Kubernetes.</summary>
    internal static string Of(ServiceRecord service, string clusterDomain) => $"{service.Name}.{service.Namespace}.svc.{clusterDomain}";
}
