using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a text in a definition may be, and how to say so.</summary>
internal sealed partial record TextRule(string Expected, Func<string, bool> Accepts)
{
    /// <summary>A DNS-1123 label: names of namespaces, services, accounts and revisions.</summary>
    internal static readonly TextRule DnsLabel = new(
        "a DNS-1123 label: lower-case letters, digits and '-', at most 63, such as 'voicecore-ai'",
        text => text.Length <= 63 && Label().IsMatch(text));

    /// <summary>A name of a port: an IANA service name.</summary>
    internal static readonly TextRule PortName = new(
        "a port name: at most 15 lower-case letters, digits and single '-', with a letter, such as 'http'",
        text => text.Length <= 15 && Label().IsMatch(text) && !text.Contains("--", StringComparison.Ordinal) && text.Any(char.IsAsciiLetter));

    /// <summary>A DNS-1123 subdomain: names of secrets, hosts and domains.</summary>
    internal static readonly TextRule DnsName = new(
        "a DNS name, such as 'otel-collector.observability.svc.cluster.local'",
        text => text.Length <= 253 && text.Split('.').All(part => part.Length <= 63 && Label().IsMatch(part)));

    /// <summary>A host of a gateway: a DNS name, <c>*</c>, or one under a wildcard.</summary>
    internal static readonly TextRule Host = new(
        "a host name, '*' or '*.example.com'",
        text => text == "*" || DnsName!.Accepts(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text));

    /// <summary>A value of a label.</summary>
    internal static readonly TextRule LabelValue = new(
        "a label value: letters, digits, '-', '_' and '.', at most 63",
        text => text.Length <= 63 && LabelText().IsMatch(text));

    /// <summary>A Kubernetes quantity of CPU or memory, above zero.</summary>
    internal static readonly TextRule Quantity = new(
        "a quantity, such as '500m' or '512Mi'",
        text => ResourceQuantity.TryParse(text) is > 0);

    /// <summary>A path of HTTP.</summary>
    internal static readonly TextRule HttpPath = new("a path that starts with '/'", text => PathText().IsMatch(text));

    /// <summary>A registry with a path, an image or a tag.</summary>
    internal static readonly TextRule Image = new(
        "an image reference without spaces, such as 'registry.example.com/voicecore/tenant:3.0.0'",
        text => text.Length <= 512 && ImageText().IsMatch(text));

    /// <summary>A tag of an image.</summary>
    internal static readonly TextRule ImageTag = new("an image tag, such as '3.0.0'", text => TagText().IsMatch(text));

    /// <summary>One of Envoy's conditions for a retry, or a status code.</summary>
    internal static readonly TextRule RetryCondition = new(
        "a retry condition of Envoy such as 'connect-failure', or a status code",
        text => text.Length <= 63 && Label().IsMatch(text));

    /// <summary>Who may call a service.</summary>
    internal static readonly TextRule Caller = new(
        "a service, 'ingress', or 'namespace/service-account'",
        text => text.Split('/') is { Length: 1 or 2 } parts && parts.All(part => DnsLabel!.Accepts(part)));

    /// <summary>Somebody outside of the product's services.</summary>
    internal static readonly TextRule Account = new(
        "'namespace/service-account'",
        text => text.Split('/') is { Length: 2 } parts && parts.All(part => DnsLabel!.Accepts(part)));

    /// <summary>An absolute address of HTTP.</summary>
    internal static readonly TextRule HttpAddress = new(
        "an https or http address, such as 'https://login.example.com/keys'",
        text => text.Length <= 2000 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http");

    /// <summary>A value of a header, of a claim or of a descriptor: visible characters.</summary>
    internal static readonly TextRule Token = new(
        "a text of visible ASCII characters without spaces, at most 255",
        text => TokenText().IsMatch(text));

    /// <summary>A name of a header.</summary>
    internal static readonly TextRule HeaderName = new(
        "a header name in lower case, such as 'x-tenant-id'", text => text.Length <= 63 && Label().IsMatch(text));

    /// <summary>A path of an AuthorizationPolicy: exact, or with one <c>*</c> at the end.</summary>
    internal static readonly TextRule PolicyPath = new(
        "a path that starts with '/', perhaps with '*' at its end",
        text => PathText().IsMatch(text) && text.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == text.Length - 1));

    /// <summary>Host and port.</summary>
    internal static readonly TextRule HostPort = new(
        "'host:port', such as 'redis.data.svc.cluster.local:6379'",
        text => text.Split(':') is [var host, var port] && DnsName!.Accepts(host) && int.TryParse(port, out var number) && number is > 0 and <= 65535);

    /// <summary>A key of a label.</summary>
    internal static readonly TextRule LabelKey = new(
        "a label key, such as 'release' or 'example.com/team'",
        text => text.Split('/') switch
        {
            [var name] => LabelValue!.Accepts(name),
            [var prefix, var name] => DnsName!.Accepts(prefix) && LabelValue!.Accepts(name),
            _ => false,
        });

    /// <summary>A type of a Service.</summary>
    internal static readonly TextRule ServiceType = new(
        "LoadBalancer, NodePort or ClusterIP", text => text is "LoadBalancer" or "NodePort" or "ClusterIP");

    /// <summary>A path below an IstioOperator's <c>spec</c>.</summary>
    internal static readonly TextRule SettingPath = new(
        "a path below the IstioOperator's spec, such as 'values.telemetry.enabled'", text => text.Length <= 253 && PathOfSetting().IsMatch(text));

    /// <summary>The value of such a path.</summary>
    internal static readonly TextRule SettingValue = new("one line of at most 1024 characters", text => text.Length <= 1024 && !text.Any(char.IsControl));

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?\\z")]
    private static partial Regex Label();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)+\\z")]
    private static partial Regex PathOfSetting();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?\\z")]
    private static partial Regex LabelText();

    [GeneratedRegex("^/[!-~]{0,255}\\z")]
    private static partial Regex PathText();

    [GeneratedRegex("^[!-~]{1,255}\\z")]
    private static partial Regex TokenText();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._:/@-]*[A-Za-z0-9])?\\z")]
    private static partial Regex ImageText();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z")]
    private static partial Regex TagText();
}
