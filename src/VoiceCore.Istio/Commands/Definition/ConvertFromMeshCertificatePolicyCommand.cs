using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsData.ConvertFrom, "MeshCertificatePolicy")]
[OutputType(typeof(CertificateMeaning))]
public sealed class ConvertFromMeshCertificatePolicyCommand : MeshCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("SECRET_TTL")]
    [Duration]
    public TimeSpan SecretTtl { get; set; } = CertificateSettings.Default.Lifetime;

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("SECRET_GRACE_PERIOD_RATIO")]
    [Number]
    public double GracePeriodRatio { get; set; } = CertificateSettings.Default.GraceRatio;

    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("SECRET_GRACE_PERIOD_RATIO_JITTER")]
    [Number]
    public double GracePeriodRatioJitter { get; set; } = CertificateSettings.Default.Jitter;

    [Parameter(Position = 3, ValueFromPipelineByPropertyName = true)]
    [Alias("MAX_WORKLOAD_CERT_TTL")]
    [Duration]
    public TimeSpan MaxWorkloadCertTtl { get; set; } = CertificateSettings.Default.MaxLifetime;

    protected override void ProcessRecord()
    {
        var meaning = CertificateMeaning.Of(new CertificateSettings(SecretTtl, GracePeriodRatio, GracePeriodRatioJitter, MaxWorkloadCertTtl));
        WriteFindings(meaning.Findings);
        WriteObject(meaning);
    }
}
