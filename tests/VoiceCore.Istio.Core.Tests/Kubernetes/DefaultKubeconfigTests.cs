using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>The order is that of HomeDir in client-go's util/homedir/homedir.go.</summary>
public sealed class DefaultKubeconfigTests
{
    private static readonly Dictionary<string, string> Windows = new()
    {
        ["HOME"] = "/unix",
        ["HOMEDRIVE"] = "/network",
        ["HOMEPATH"] = "/share",
        ["USERPROFILE"] = "/profile",
    };

    [Theory]
    [InlineData("/unix /network/share /profile", "/unix")]
    [InlineData("/network/share /profile", "/network/share")]
    [InlineData("/profile", "/profile")]
    public void Windows_takes_the_first_home_that_has_one(string homes, string expected) =>
        Assert.Equal(In(expected), DefaultKubeconfig.Find(windows: true, Windows.GetValueOrDefault, homes.Split(' ').Select(In).Contains));

    [Fact]
    public void A_drive_alone_is_no_home() =>
        Assert.Equal(In(Profile), DefaultKubeconfig.Find(windows: true, name => name == "HOMEDRIVE" ? "/network" : null, _ => true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_none_is_there_it_is_the_one_of_the_profile(bool windows) =>
        Assert.Equal(In(Profile), DefaultKubeconfig.Find(windows, Windows.GetValueOrDefault, _ => false));

    private static string Profile => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string In(string home) => Path.Combine(home, ".kube", "config");
}
