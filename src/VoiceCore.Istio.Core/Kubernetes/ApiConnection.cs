using System.Net;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The HTTP client of one cluster with its credentials. KubernetesClient reads certificates, tokens and the pod's own account;
/// what it lacks is added here: <c>proxy-url</c> and kubectl's choice of proxy, <c>tokenFile</c>, impersonation, and the check of the server's name (its own check of a private
/// certificate authority accepts a certificate of that authority for any name).
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly ServiceClientCredentials? _credentials;
    private readonly CredentialPlugin? _plugin;
    private readonly IDisposable? _owner;
    private readonly string? _tlsServerName;

    internal ApiConnection(HttpClient http, ServiceClientCredentials? credentials = null, CredentialPlugin? plugin = null, IDisposable? owner = null, string? tlsServerName = null)
    {
        Http = http;
        _credentials = credentials;
        _plugin = plugin;
        _owner = owner;
        _tlsServerName = tlsServerName;
    }

    /// <summary>Sends to the cluster; without a time-out of its own.</summary>
    internal HttpClient Http { get; }

    /// <summary>The connection that a kubeconfig's context describes. Connects nothing yet.</summary>
    internal static ApiConnection Create(KubeconfigEntry entry, TimeProvider clock)
    {
        var plugin = entry.User?.UserCredentials?.ExternalExecution is null ? null : new CredentialPlugin(entry, clock);
        var configuration = Read(entry.EndpointFile, () => Configuration(entry, withUser: plugin is null && HasCredentials(entry.User)));
        if (plugin is not null)
            configuration.TokenProvider = plugin;
        else if (Absolute((entry.User?.UserCredentials as FileUserCredentials)?.TokenFile, entry.UserFile) is { Length: > 0 } tokenFile)
            configuration.TokenProvider = new TokenFileAuth(tokenFile);
        var proxy = Proxy(entry);

        // The client's certificate and key are read only here.
        return Read(entry.UserFile, () => Create(configuration, plugin, proxy, entry.User?.UserCredentials));
    }

    /// <summary>The connection of a pod with its own service account.</summary>
    internal static ApiConnection Create(KubernetesClientConfiguration inCluster) => Create(inCluster, plugin: null, proxy: null, user: null);

    /// <summary>Puts the credentials on a request.</summary>
    internal async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_credentials is not null)
            await _credentials.ProcessHttpRequestAsync(request, cancellationToken);

        // The handler takes the name that the certificate must have from this header.
        if (_tlsServerName is not null)
            request.Headers.Host = _tlsServerName;
    }

    /// <summary>The server did not accept the credentials: true where new ones can be had.</summary>
    internal bool RenewCredentials()
    {
        _plugin?.Forget();
        return _plugin is not null;
    }

    public void Dispose()
    {
        Http.Dispose();
        _plugin?.Dispose();
        _owner?.Dispose();
    }

    private static ApiConnection Create(KubernetesClientConfiguration configuration, CredentialPlugin? plugin, IWebProxy? proxy, UserCredentials? user)
    {
        var authorities = configuration.SslCaCerts;
        configuration.SslCaCerts = null;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = ConnectTimeout;
            handler.AutomaticDecompression = DecompressionMethods.GZip;
            handler.AllowAutoRedirect = false;
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.UseProxy = proxy is not null || EnvironmentProxy.AppliesTo(new Uri(configuration.Host), Environment.GetEnvironmentVariable);
            if (proxy is not null)
                handler.Proxy = proxy;
            if (authorities is not null)
                handler.SslOptions.CertificateChainPolicy = TrustOnly(authorities);
            if (plugin is not null)
                handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => plugin.Certificate!;
        };

        var client = new k8s.Kubernetes(configuration);
        client.HttpClient.BaseAddress = client.BaseUri;
        Impersonate(client.HttpClient, user);
        return new ApiConnection(client.HttpClient, client.Credentials, plugin, client, configuration.TlsServerName);
    }

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            // As kubectl: what is missing between the server and the authority is not looked for on the internet.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    // Each file's relative paths start at its own folder, and the library knows one folder only: they are made absolute first.
    private static KubernetesClientConfiguration Configuration(KubeconfigEntry entry, bool withUser)
    {
        var endpoint = entry.Endpoint;
        endpoint.CertificateAuthority = Absolute(endpoint.CertificateAuthority, entry.EndpointFile);
        if (entry.User?.UserCredentials is { } credentials)
        {
            credentials.ClientCertificate = Absolute(credentials.ClientCertificate, entry.UserFile);
            credentials.ClientKey = Absolute(credentials.ClientKey, entry.UserFile);
        }

        var details = new ContextDetails { Cluster = "cluster", User = withUser ? entry.User!.Name : null, Namespace = entry.Details.Namespace };
        var single = new K8SConfiguration
        {
            CurrentContext = entry.Context,
            Contexts = [new Context { Name = entry.Context, ContextDetails = details }],
            Clusters = [new Cluster { Name = "cluster", ClusterEndpoint = endpoint }],
            Users = withUser ? [entry.User!] : [],
        };
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(single);
    }

    private static T Read<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw KubernetesErrors.KubeconfigInvalid(file, error.Message, error);
        }
    }

    private static string? Absolute(string? path, string file) =>
        string.IsNullOrEmpty(path) ? path : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);

    // A user without any credential is anonymous, which the library refuses.
    private static bool HasCredentials(User? user) => user?.UserCredentials is { } credentials
        && (!string.IsNullOrEmpty(credentials.Token)
            || !string.IsNullOrEmpty(credentials.UserName)
            || !string.IsNullOrEmpty(credentials.ClientCertificate)
            || !string.IsNullOrEmpty(credentials.ClientCertificateData)
            || credentials.AuthProvider is not null);

    private static WebProxy? Proxy(KubeconfigEntry entry)
    {
        if (string.IsNullOrEmpty(entry.Endpoint.ProxyUrl))
            return null;
        if (!Uri.TryCreate(entry.Endpoint.ProxyUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "socks5"))
            throw KubernetesErrors.KubeconfigInvalid(entry.EndpointFile, "proxy-url is no http, https or socks5 address");
        var proxy = new WebProxy(address);
        if (address.UserInfo.Split(':', 2) is [var name, var password])
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password));
        return proxy;
    }

    private static void Impersonate(HttpClient http, UserCredentials? user)
    {
        if (string.IsNullOrEmpty(user?.Impersonate))
            return;
        http.DefaultRequestHeaders.Add("Impersonate-User", user.Impersonate);
        foreach (var group in user.ImpersonateGroups ?? [])
            http.DefaultRequestHeaders.Add("Impersonate-Group", group);
    }
}
