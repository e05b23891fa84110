namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The kubeconfig of a user who names none: <c>.kube/config</c> in the home folder. Windows has up to three of them, and kubectl takes the
/// first one that holds such a file: <c>HOME</c>, <c>HOMEDRIVE</c> with <c>HOMEPATH</c> (often a network drive), <c>USERPROFILE</c>
/// (k8s.io/client-go, util/homedir/homedir.go).
/// </summary>
internal static class DefaultKubeconfig
{
    /// <summary>Its path; whether it is there is for the caller to see.</summary>
    internal static string Path => Find(OperatingSystem.IsWindows(), Environment.GetEnvironmentVariable, File.Exists);

    internal static string Find(bool windows, Func<string, string?> variable, Func<string, bool> exists)
    {
        var profile = In(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        if (!windows)
            return profile;
        var (drive, folder) = (variable("HOMEDRIVE"), variable("HOMEPATH"));
        string?[] homes = [variable("HOME"), string.IsNullOrEmpty(drive) || string.IsNullOrEmpty(folder) ? null : drive + folder, variable("USERPROFILE")];
        return homes.Where(home => !string.IsNullOrEmpty(home)).Select(home => In(home!)).FirstOrDefault(exists) ?? profile;
    }

    private static string In(string home) => System.IO.Path.Combine(home, ".kube", "config");
}
