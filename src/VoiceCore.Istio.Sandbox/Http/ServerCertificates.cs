using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>A certificate authority of the sandbox's own and the server's certificate; the authority's key is forgotten at once, both live in memory.</summary>
internal sealed class ServerCertificates : IDisposable
{
    internal ServerCertificates(DateTimeOffset now)
    {
        var (from, to) = (now.AddMinutes(-5), now.AddDays(30));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=VoiceCore mesh sandbox CA", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(from, to);
        AuthorityPem = authority.ExportCertificatePem();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // Windows' TLS does not take a key that exists in this process only; one that was imported it does.
        Server = new X509Certificate2(withKey.Export(X509ContentType.Pfx));
    }

    /// <summary>The authority's certificate, for kubeconfigs.</summary>
    internal string AuthorityPem { get; }

    /// <summary>The server's certificate with its key.</summary>
    internal X509Certificate2 Server { get; }

    /// <inheritdoc/>
    public void Dispose() => Server.Dispose();
}
