using System.Net;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Tests.Resolution;

public sealed class AuthorizationMatchingTests
{
    [Theory]
    [InlineData("*", "x", true)]
    [InlineData("*", "", false)]
    [InlineData("*.com", "a.com", true)]
    [InlineData("*.com", "a.COM", false)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*", "ba", false)]
    [InlineData("a*c", "abc", false)]
    [InlineData("a*c", "a*c", true)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abcd", false)]
    public void Reads_the_four_forms_of_a_value(string value, string text, bool matches) =>
        Assert.Equal(matches, AuthorizationText.Compile(value)(text));

    [Theory]
    [InlineData("*", "spiffe://cluster.local/ns/a/sa/b", true)]
    [InlineData("cluster.local/ns/a/sa/b", "spiffe://cluster.local/ns/a/sa/b", true)]
    [InlineData("cluster.local/ns/a/sa/b", "spiffe://cluster.local/ns/a/sa/bc", false)]
    [InlineData("cluster.local/ns/a/*", "spiffe://cluster.local/ns/a/sa/b", true)]
    [InlineData("cluster.local/ns/a/*", "spiffe://cluster.local/ns/ab/sa/b", false)]
    [InlineData("*/sa/b", "spiffe://td/ns/a/sa/b", true)]
    [InlineData("*spiffe://td/ns/a/sa/b", "spiffe://td/ns/a/sa/b", false)]
    public void Compares_principals_behind_the_scheme(string value, string identity, bool matches) =>
        Assert.Equal(matches, AuthorizationIdentity.Principal(value)(identity));

    [Theory]
    [InlineData("a", "spiffe://cluster.local/ns/a/sa/b", true)]
    [InlineData("a", "spiffe://cluster.local/ns/ab/sa/b", false)]
    [InlineData("*", "spiffe://cluster.local/ns/ab/sa/b", true)]
    [InlineData("a*", "spiffe://cluster.local/ns/ab/sa/b", true)]
    [InlineData("*b", "spiffe://cluster.local/ns/ab/sa/c", true)]
    [InlineData("*b", "spiffe://cluster.local/ns/ac/sa/c", false)]
    // The star is not held to the namespace: it may reach into what follows.
    [InlineData("*b", "spiffe://cluster.local/ns/a/sa/b/x", true)]
    [InlineData("a*c", "spiffe://cluster.local/ns/abc/sa/x", true)]
    [InlineData("a.c", "spiffe://cluster.local/ns/abc/sa/x", false)]
    public void Compares_namespaces(string value, string identity, bool matches) =>
        Assert.Equal(matches, AuthorizationIdentity.Namespace(value)(identity));

    [Theory]
    [InlineData("b", "spiffe://cluster.local/ns/own/sa/b", true)]
    [InlineData("b", "spiffe://cluster.local/ns/other/sa/b", false)]
    [InlineData("other/b", "spiffe://cluster.local/ns/other/sa/b", true)]
    [InlineData("other/b", "spiffe://cluster.local/ns/other/sa/b-junk", false)]
    [InlineData("other/b", "spiffe://cluster.local/ns/other/sa/b/more", true)]
    [InlineData("other/b", "spiffe://cluster.local/ns/other/k/v/sa/b", true)]
    [InlineData("other/b", "spiffe:///ns/other/sa/b", false)]
    public void Compares_service_accounts(string value, string identity, bool matches) =>
        Assert.Equal(matches, AuthorizationIdentity.ServiceAccount(value, "own")(identity));

    [Theory]
    [InlineData("*", "spiffe://td/ns/a/sa/b", true)]
    [InlineData("td", "spiffe://td/ns/a/sa/b", true)]
    [InlineData("td", "spiffe://td2/ns/a/sa/b", false)]
    [InlineData("t*", "spiffe://td2/ns/a/sa/b", true)]
    [InlineData("*2", "spiffe://td2/ns/a/sa/b", true)]
    [InlineData("*b", "spiffe://td2/ns/a/sa/b", false)]
    public void Compares_trust_domains(string value, string identity, bool matches) =>
        Assert.Equal(matches, AuthorizationIdentity.TrustDomain(value)(identity));

    [Theory]
    [InlineData("10.1.1.11", "10.1.1.11", true)]
    [InlineData("10.1.1.11", "10.1.1.12", false)]
    [InlineData("10.1.0.0/16", "10.1.255.1", true)]
    [InlineData("10.1.7.9/16", "10.1.255.1", true)]
    [InlineData("10.1.0.0/15", "10.0.0.1", true)]
    [InlineData("10.1.0.0/15", "10.2.0.1", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    public void Compares_addresses(string range, string address, bool matches) =>
        Assert.Equal(matches, AuthorizationAddressRange.TryParse(range)!.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1")]
    [InlineData("10.1.1.1/33")]
    [InlineData("10.1.1.1/")]
    [InlineData("x")]
    [InlineData("")]
    public void Refuses_what_is_no_address(string range) => Assert.Null(AuthorizationAddressRange.TryParse(range));

    [Theory]
    [InlineData("td1/ns/a/sa/b", "td1/ns/a/sa/b td2/ns/a/sa/b td3/ns/a/sa/b")]
    [InlineData("td3/ns/a/sa/b", "td1/ns/a/sa/b td2/ns/a/sa/b td3/ns/a/sa/b")]
    [InlineData("cluster.local/ns/a/sa/b", "td1/ns/a/sa/b td2/ns/a/sa/b td3/ns/a/sa/b")]
    [InlineData("other/ns/a/sa/b", "other/ns/a/sa/b")]
    [InlineData("*/ns/a/sa/b", "*/ns/a/sa/b")]
    [InlineData("*1/ns/a/sa/b", "*1/ns/a/sa/b td2/ns/a/sa/b td3/ns/a/sa/b")]
    [InlineData("*/sa/b", "*/sa/b")]
    [InlineData("*", "*")]
    public void Puts_principals_into_every_trust_domain_of_the_mesh(string principal, string expanded) =>
        Assert.Equal(expanded.Split(' '), new AuthorizationTrustDomains("td1", ["td2", "td3"]).ExpandPrincipals([principal]));
}
