namespace VoiceCore.Istio.Core.Processes;

/// <summary>Finds a program the way a prompt does, without asking a shell.</summary>
internal static class ProgramFinder
{
    // What Windows can start by itself. Of what else PATHEXT names, scripts need another program, and batch files are left out on purpose:
    // cmd.exe would read their arguments anew, and no quoting is safe from it (CVE-2024-24576).
    private static readonly string[] WindowsExtensions = [".com", ".exe"];

    /// <summary>
    /// The full path of a program. A name with a folder is taken as a path; a bare name is looked for in <c>PATH</c>. On Windows it is an
    /// <c>.exe</c> or <c>.com</c>, named with its extension or without. Null where there is none.
    /// </summary>
    internal static string? Find(string name, string? path, bool windows)
    {
        string[] extensions = !windows || WindowsExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? [""] : WindowsExtensions;
        if (Path.GetDirectoryName(name) is { Length: > 0 })
            return Existing(Path.GetFullPath(name), extensions);

        return (path ?? "")
            .Split(windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => folder.Trim('"'))
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Existing(Path.Combine(folder, name), extensions))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>As above, with the environment of this process.</summary>
    internal static string? Find(string name) => Find(name, Environment.GetEnvironmentVariable("PATH"), OperatingSystem.IsWindows());

    private static string? Existing(string path, string[] extensions) =>
        extensions.Select(extension => path + extension).FirstOrDefault(File.Exists);
}
