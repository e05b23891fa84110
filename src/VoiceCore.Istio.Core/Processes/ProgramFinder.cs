namespace VoiceCore.Istio.Core.Processes;

/// <summary>Finds a program the way a prompt does, without asking a shell.</summary>
internal static class ProgramFinder
{
    // Batch files are left out: cmd.exe would read their arguments anew, and no quoting is safe from it.
    private static readonly string[] BatchExtensions = [".BAT", ".CMD"];

    /// <summary>
    /// The full path of a program. A name with a folder is taken as a path; a bare name is looked for in <c>PATH</c>, on Windows with
    /// the extensions of <c>PATHEXT</c>. Null where there is none.
    /// </summary>
    internal static string? Find(string name, string? path, string? pathExtensions, bool windows)
    {
        var extensions = Extensions(name, pathExtensions, windows);
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
    internal static string? Find(string name) =>
        Find(name, Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("PATHEXT"), OperatingSystem.IsWindows());

    private static string[] Extensions(string name, string? pathExtensions, bool windows)
    {
        if (!windows)
            return [""];
        var known = (string.IsNullOrEmpty(pathExtensions) ? ".COM;.EXE" : pathExtensions)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Except(BatchExtensions, StringComparer.OrdinalIgnoreCase)
            .ToArray();
        return known.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? [""] : known;
    }

    private static string? Existing(string path, string[] extensions) =>
        extensions.Select(extension => path + extension.ToLowerInvariant()).FirstOrDefault(File.Exists);
}
