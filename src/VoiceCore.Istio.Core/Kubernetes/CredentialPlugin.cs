using System.ComponentModel;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Authentication;
using k8s.KubeConfigModels;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// A credential plugin of the kubeconfig (<c>exec</c>, such as kubelogin), run on first use and again when its answer has expired
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
/// KubernetesClient's own runner joins the arguments by blanks, cannot be stopped and tells nothing of the plugin's error output.
/// </summary>
internal sealed class CredentialPlugin : ITokenProvider, IDisposable
{
    // Long enough for a person to sign in with a browser.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);

    private readonly KubeconfigEntry _entry;
    private readonly ExternalExecution _plugin;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private Credential? _credential;

    internal CredentialPlugin(KubeconfigEntry entry, TimeProvider clock)
    {
        _entry = entry;
        _plugin = entry.User!.UserCredentials.ExternalExecution;
        _clock = clock;
        if (string.IsNullOrWhiteSpace(_plugin.Command) || string.IsNullOrWhiteSpace(_plugin.ApiVersion))
            throw KubernetesErrors.KubeconfigInvalid(entry.UserFile, $"exec of user '{entry.User.Name}' needs command and apiVersion");
    }

    private sealed record Credential(string? Token, X509Certificate2? Certificate, DateTimeOffset? Expires);

    /// <summary>The client certificate of the plugin's last answer, for TLS handshakes; asked for after the token.</summary>
    internal X509Certificate2? Certificate => _credential?.Certificate;

    /// <inheritdoc/>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_credential is null || _credential.Expires - RenewBefore <= _clock.GetUtcNow())
                _credential = await AskAsync(cancellationToken);
            return _credential.Token is null ? null! : new AuthenticationHeaderValue("Bearer", _credential.Token);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The server did not accept the credential: the next request asks the plugin anew.</summary>
    internal void Forget() => _credential = null;

    public void Dispose()
    {
        _credential?.Certificate?.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<Credential> AskAsync(CancellationToken cancellationToken)
    {
        var program = ProgramFinder.Find(Command()) ?? throw Failed("it is not installed; on Windows it must be an .exe, for batch files are not run");
        var environment = new Dictionary<string, string>();
        foreach (var variable in _plugin.EnvironmentVariables ?? [])
        {
            // Of a name that comes twice the last value counts, as with kubectl.
            if (variable.TryGetValue("name", out var name) && variable.TryGetValue("value", out var value))
                environment[name] = value;
        }

        environment["KUBERNETES_EXEC_INFO"] = ExecInfo().ToJsonString();
        var request = new ProcessRequest { Program = program, Arguments = [.. _plugin.Arguments ?? []], Environment = environment, Timeout = Timeout };

        ProcessResult result;
        try
        {
            result = await ProcessRunner.RunAsync(request, cancellationToken);
        }
        catch (Win32Exception error)
        {
            throw Failed(error.Message, error);
        }

        if (result.TimedOut)
            throw Failed($"it did not end within {Timeout.TotalSeconds:0} seconds. {result.StandardError}");
        if (result.ExitCode != 0)
            throw Failed($"exit code {result.ExitCode}. {result.StandardError}");
        return Parse(result.StandardOutput);
    }

    // As client-go: a command with a relative folder starts at the kubeconfig's folder.
    private string Command() => Path.GetDirectoryName(_plugin.Command) is { Length: > 0 }
        ? Path.GetFullPath(_plugin.Command, Path.GetDirectoryName(Path.GetFullPath(_entry.UserFile))!)
        : _plugin.Command;

    private JsonObject ExecInfo()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (_plugin.ProvideClusterInfo)
        {
            spec["cluster"] = new JsonObject
            {
                ["server"] = _entry.Endpoint.Server,
                ["tls-server-name"] = _entry.Endpoint.TlsServerName,
                ["insecure-skip-tls-verify"] = _entry.Endpoint.SkipTlsVerify,
                ["certificate-authority-data"] = _entry.Endpoint.CertificateAuthorityData,
                ["proxy-url"] = _entry.Endpoint.ProxyUrl,
                ["config"] = JsonSerializer.SerializeToNode(
                    (object?)KubeconfigEntry.Extension(_entry.Endpoint.Extensions, "client.authentication.k8s.io/exec")?.Extension),
            };
        }

        return new JsonObject { ["apiVersion"] = _plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    private Credential Parse(string output)
    {
        try
        {
            var answer = JsonNode.Parse(output) as JsonObject ?? throw Failed("its output is no ExecCredential");
            if ((string?)answer["apiVersion"] != _plugin.ApiVersion)
                throw Failed($"it answered with apiVersion '{answer["apiVersion"]}', not '{_plugin.ApiVersion}'");
            var status = answer["status"];
            var token = (string?)status?["token"];
            var certificate = ((string?)status?["clientCertificateData"], (string?)status?["clientKeyData"]) is ({ } pem, { } key)
                ? ClientCertificate(pem, key)
                : null;
            if (token is null && certificate is null)
                throw Failed("its output has neither a token nor a client certificate");
            return new Credential(token, certificate, (DateTimeOffset?)status?["expirationTimestamp"]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or CryptographicException)
        {
            throw Failed("its output cannot be read", error);
        }
    }

    // Windows' TLS takes no key that lives in memory only: it has to go through PKCS#12 once.
    private static X509Certificate2 ClientCertificate(string pem, string key)
    {
        var certificate = X509Certificate2.CreateFromPem(pem, key);
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return new X509Certificate2(certificate.Export(X509ContentType.Pkcs12));
    }

    private MeshException Failed(string reason, Exception? inner = null) =>
        KubernetesErrors.CredentialPluginFailed(_plugin.Command, _entry.User!.Name, reason, _plugin.InstallHint, inner);
}
