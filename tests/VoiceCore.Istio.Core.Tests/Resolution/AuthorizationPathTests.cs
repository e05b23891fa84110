using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Tests.Resolution;

public sealed class AuthorizationPathTests
{
    // What Envoy 1.40 logged of these requests, with the mesh's default (BASE).
    [Theory]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/./b/.", "/a/b/")]
    [InlineData("/a/..", "/")]
    [InlineData("/..", "/")]
    [InlineData("/.", "/")]
    [InlineData("/../../x", "/x")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("//a", "//a")]
    [InlineData("/a///../b", "/a//b")]
    [InlineData("/a//..//b", "/a//b")]
    [InlineData(@"/a\b", "/a/b")]
    [InlineData(@"/a\..\b", "/b")]
    [InlineData("/a/%2e%2e/b", "/b")]
    [InlineData("/a/.%2E/b", "/b")]
    [InlineData("/a/%2E/b", "/a/b")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%41%7e%2d%5f%2Ex", "/A~-_.x")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("/a%2fb", "/a%2fb")]
    [InlineData("/a%5Cb", "/a%5Cb")]
    [InlineData("/a%5c..%5cb", "/a%5c..%5cb")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a%zzb", "/a%zzb")]
    [InlineData("/a%2", "/a%2")]
    [InlineData("/%", "/%")]
    [InlineData("/a%25b", "/a%25b")]
    [InlineData("/a%7f", "/a%7f")]
    [InlineData("/a/..;/b", "/b")]
    [InlineData("/a/.;x/b", "/a/b")]
    [InlineData("/a/..;x=1/b", "/b")]
    [InlineData("/a/%2e%2e;/b", "/b")]
    [InlineData("/a/...;/b", "/a/...;/b")]
    [InlineData("/a/..x/b", "/a/..x/b")]
    [InlineData("/a/b;/../c", "/a/c")]
    [InlineData("/a/b?x=/../y", "/a/b?x=/../y")]
    [InlineData("/a/b/..?q", "/a/?q")]
    [InlineData("/a\"b", "/a%22b")]
    [InlineData("/a<b>", "/a%3Cb%3E")]
    [InlineData("/a|b", "/a%7Cb")]
    [InlineData("/a^b", "/a%5Eb")]
    [InlineData("/a{b}", "/a%7Bb%7D")]
    [InlineData("/a[b]`", "/a[b]%60")]
    [InlineData("/a'b", "/a'b")]
    [InlineData("/a!$&()*,:@_-.~", "/a!$&()*,:@_-.~")]
    [InlineData("/a+b=c&d", "/a+b=c&d")]
    [InlineData("/%2f%2e%2e%2fb", "/%2f..%2fb")]
    public void Normalizes_paths_as_the_proxy_does(string path, string seen) =>
        Assert.Equal(seen, new AuthorizationPathNormalization("DEFAULT").Apply(path));

    // From Istio's reference of ProxyPathNormalization.
    [Theory]
    [InlineData("NONE", "/a/..//b%2Fc", "/a/..//b%2Fc")]
    [InlineData("BASE", "/x//b%2fc", "/x//b%2fc")]
    [InlineData("MERGE_SLASHES", "/x///b//?q=//", "/x/b/?q=//")]
    [InlineData("DECODE_AND_MERGE_SLASHES", "/x%2F%5Cb%2fc", "/x/b/c")]
    [InlineData("DECODE_AND_MERGE_SLASHES", "/x%2F..%2fc", "/c")]
    public void Normalizes_by_the_option_of_the_mesh(string option, string path, string seen) =>
        Assert.Equal(seen, new AuthorizationPathNormalization(option).Apply(path));

    [Theory]
    [InlineData("/foo/{*}", "/foo/bar", true)]
    [InlineData("/foo/{*}", "/foo/", false)]
    [InlineData("/foo/{*}", "/foo", false)]
    [InlineData("/foo/{*}", "/foo/bar/baz", false)]
    [InlineData("/foo/{*}/", "/foo/bar/", true)]
    [InlineData("/foo/{*}/", "/foo/bar", false)]
    [InlineData("/foo/{*}/baz", "/foo/bar/baz", true)]
    [InlineData("/{*}/{*}/baz", "/foo/bar/baz", true)]
    [InlineData("/foo/{**}", "/foo/", true)]
    [InlineData("/foo/{**}", "/foo", false)]
    [InlineData("/foo/{**}", "/foo/bar/baz", true)]
    [InlineData("/foo/{**}/end", "/foo/bar/baz/end", true)]
    [InlineData("/foo/{**}/end", "/foo/end", false)]
    [InlineData("/foo/{*}/{**}", "/foo/bar/", true)]
    [InlineData("/foo/{*}/{**}", "/foo/bar", false)]
    [InlineData("/{*}/bar/{**}", "/foo/bar/baz/qux", true)]
    [InlineData("/foo/{*}", "/foo/ba%20r", true)]
    [InlineData("/foo/{*}", "/foo/a*b", false)]
    public void Matches_path_templates(string template, string path, bool matches) =>
        Assert.Equal(matches, AuthorizationPathTemplate.Compile(template)(path));
}
