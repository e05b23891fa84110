namespace VoiceCore.Istio.Benchmarks;

/// <summary>Programs of the lab: of the one that <c>VOICECORE_TEST_LAB</c> names, else of the one beside the repository.</summary>
internal static class LabPrograms
{
    /// <summary>The path of a program; null where there is no lab.</summary>
    internal static string? Find(string program)
    {
        var lab = Environment.GetEnvironmentVariable("VOICECORE_TEST_LAB") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "..", "shared", "lab", "lab");
        return File.Exists(lab) && OperatingSystem.IsLinux() ? ChildProcess.Run(lab, ["path", program], out _).Trim() : null;
    }
}
