using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Errors;

namespace VoiceCore.Istio.Sandbox.Running;

/// <summary>The kubeconfig of a running sandbox on disk, readable by this user only. Another kubeconfig is never overwritten nor removed.</summary>
internal sealed class SandboxKubeconfigFile
{
    private readonly string _text;
    private readonly DirectoryInfo? _folder;

    private SandboxKubeconfigFile(string path, string text, DirectoryInfo? folder)
    {
        Path = path;
        _text = text;
        _folder = folder;
    }

    /// <summary>Where it is.</summary>
    internal string Path { get; }

    /// <summary>Refuses a path where something else than the kubeconfig of a sandbox is.</summary>
    /// <exception cref="MeshException">SandboxKubeconfigForeign.</exception>
    internal static void CheckFree(string path)
    {
        if (Directory.Exists(path))
            throw SandboxErrors.KubeconfigForeign(path);
        if (!File.Exists(path))
            return;
        try
        {
            var known = Kubeconfig.Load(path)!;
            if (known.Contexts.Count() != 1 || known.Resolve(null).SandboxFacts is null)
                throw SandboxErrors.KubeconfigForeign(path);
        }
        catch (MeshException error) when (error.Id != nameof(SandboxText.SandboxKubeconfigForeign))
        {
            throw SandboxErrors.KubeconfigForeign(path, error);
        }
    }

    /// <summary>Writes it. Without a path, into a new folder.</summary>
    /// <exception cref="MeshException">SandboxKubeconfigForeign or SandboxKubeconfigNotWritten.</exception>
    internal static SandboxKubeconfigFile Write(string? path, string text)
    {
        DirectoryInfo? folder = null;
        try
        {
            if (path is null)
            {
                folder = Directory.CreateTempSubdirectory("voicecore-sandbox-");
                path = System.IO.Path.Combine(folder.FullName, "kubeconfig");
            }
            else
            {
                CheckFree(path);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                File.Delete(path);
            }

            using var file = CreatePrivate(path);
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            folder?.Delete(recursive: true);
            throw SandboxErrors.KubeconfigNotWritten(path ?? System.IO.Path.GetTempPath(), error);
        }

        return new SandboxKubeconfigFile(path, text, folder);
    }

    /// <summary>Removes it, as long as it is still what was written.</summary>
    internal void Delete()
    {
        try
        {
            if (File.Exists(Path) && File.ReadAllText(Path) == _text)
                File.Delete(Path);
            _folder?.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody still reads it, or put something beside it. What it names is gone, and its token with it.
        }
    }

    private static FileStream CreatePrivate(string path) => OperatingSystem.IsWindows()
        ? CreatePrivateOnWindows(path)
        : new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });

    // A file would have the rights of its folder, and a folder outside of the user's own is for all to read.
    [SupportedOSPlatform("windows")]
    private static FileStream CreatePrivateOnWindows(string path)
    {
        using var user = WindowsIdentity.GetCurrent();
        var rights = new FileSecurity();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        rights.AddAccessRule(new FileSystemAccessRule(user.User!, FileSystemRights.FullControl, AccessControlType.Allow));
        return new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.Read | FileSystemRights.Write, FileShare.None, bufferSize: 4096, FileOptions.None, rights);
    }
}
