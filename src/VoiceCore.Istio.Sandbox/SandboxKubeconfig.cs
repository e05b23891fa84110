using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Sandbox;

/// <summary>The kubeconfig of a sandbox: one context, marked as a sandbox's. JSON, which is YAML too.</summary>
internal static class SandboxKubeconfig
{
    // The client knows a sandbox by this extension of the context.
    private const string Mark = "voicecore.io/sandbox";

    private const string TemporaryFolder = "voicecore-sandbox-";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal static string Text(string context, Uri server, string authorityPem, string token, IReadOnlyDictionary<string, string> facts) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = context,
        ["clusters"] = Entry(context, "cluster", new JsonObject
        {
            ["server"] = server.ToString().TrimEnd('/'),
            ["certificate-authority-data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem)),
        }),
        ["users"] = Entry(context, "user", new JsonObject { ["token"] = token }),
        ["contexts"] = Entry(context, "context", new JsonObject
        {
            ["cluster"] = context,
            ["user"] = context,
            ["extensions"] = Entry(Mark, "extension", new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)JsonValue.Create(fact.Value))))),
        }),
    }.ToJsonString(Indented) + "\n";

    /// <summary>Writes a new file that only this user may read, and returns its path.</summary>
    /// <exception cref="MeshException">SandboxKubeconfigExists: a file of somebody is never overwritten; SandboxKubeconfigNotWritten.</exception>
    internal static string Write(string? path, string text)
    {
        // The folder of a temporary kubeconfig is this user's alone, on Windows as everything in the profile.
        path ??= Path.Combine(Directory.CreateTempSubdirectory(TemporaryFolder).FullName, "kubeconfig");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(text));
            return path;
        }
        catch (IOException) when (File.Exists(path))
        {
            throw SandboxErrors.KubeconfigExists(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SandboxErrors.KubeconfigNotWritten(path, error);
        }
    }

    /// <summary>Removes the file, and the folder that was made for it.</summary>
    internal static void Delete(string path)
    {
        try
        {
            File.Delete(path);
            if (Path.GetDirectoryName(path) is { } folder && Path.GetFileName(folder).StartsWith(TemporaryFolder, StringComparison.Ordinal))
                Directory.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody holds it or has put something beside it: its token opens nothing any more.
        }
    }

    private static JsonArray Entry(string name, string key, JsonObject value) => new(new JsonObject { ["name"] = name, [key] = value });
}
