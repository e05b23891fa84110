using System.Management.Automation;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Definition;

/// <summary>Dependencies and certificate policies through the real engine.</summary>
public sealed class RequirementCmdletTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("requirement");
    private readonly ModuleSession _session = new();

    [Fact]
    public void Dependencies_are_filtered_by_service_and_caller()
    {
        var all = _session.Run("Get-MeshDependency -Caller [g]ate*, ingress").ThrowOnError().Output;
        var one = Assert.Single(_session.Run("Get-MeshDependency AI -Caller call").ThrowOnError().Output);

        Assert.Equal(["ai", "analytics", "billing", "call", "crm", "gateway", "integration", "tenant"], all.Select(item => Text(item, "Service")).Order());
        Assert.Equal("cluster.local/ns/voicecore-ai/sa/call", Text(one, "Principal"));
    }

    [Fact]
    public void Dependencies_of_another_definition_come_through_the_pipeline()
    {
        var shop = Path.Combine(Repository.Root, "Examples", "Shop.yaml");

        var output = _session.Run($"[IO.FileInfo]::new('{shop}') | Get-MeshDependency -Name payment").ThrowOnError().Output;

        Assert.Equal(["cart", "accounting/nightly-report", "monitoring/prometheus"], output.Select(item => Text(item, "Caller")));
    }

    [Fact]
    public void Who_would_be_cut_off_is_shown_without_a_cluster()
    {
        var mesh = Path.Combine(_folder.FullName, "mesh.yaml");
        File.WriteAllText(mesh, """
            apiVersion: v1
            kind: Pod
            metadata: { name: crm-1, namespace: voicecore-ai, labels: { app: crm, security.istio.io/tlsMode: istio } }
            spec: { serviceAccountName: crm, containers: [{ name: crm, image: x }] }
            status: { phase: Running }
            """);

        var changes = _session.Run($"Test-MeshDependency -SnapshotPath '{mesh}'").ThrowOnError().Output;

        // crm may call tenant, analytics and integration, and none of the other five.
        Assert.Equal(["ai", "billing", "call", "crm", "gateway"], changes.Select(item => Text(item, "Service")!.Split('/')[1]).Order());
        Assert.Equal(8, _session.Run($"Test-MeshDependency -SnapshotPath '{mesh}' -All").ThrowOnError().Output.Count);
        Assert.False((bool)Assert.Single(_session.Run($"Test-MeshDependency -SnapshotPath '{mesh}' -Quiet").ThrowOnError().Output).BaseObject);
        Assert.Equal(["SnapshotPathNotFound"], _session.Run("Test-MeshDependency -SnapshotPath absent").ErrorIds);
        Assert.Equal(["DependencyNotFound", "DependencyNotFound"], _session.Run("Get-MeshDependency tenan*, absent -Caller absent").ErrorIds);
    }

    [Fact]
    public void A_policy_goes_to_settings_and_back()
    {
        var plan = _session.Run("ConvertTo-MeshCertificatePolicy 2160h 24h -GracePeriod ([TimeSpan]::FromDays(9))").ThrowOnError();
        var back = _session.Run("ConvertTo-MeshCertificatePolicy 2160h 24h 216h | ConvertFrom-MeshCertificatePolicy").ThrowOnError();

        Assert.Equal(("2160h", 0.1), (Text(Assert.Single(plan.Output), "SecretTtl"), plan.Output[0].Properties["GracePeriodRatio"].Value));
        Assert.Contains(plan.Warnings, warning => warning.StartsWith("VCM0105", StringComparison.Ordinal));
        Assert.Equal((237.6, 194.4), (back.Output[0].Properties["RotationEarliestHours"].Value, back.Output[0].Properties["RotationLatestHours"].Value));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ SECRET_TTL = '48h'; SECRET_GRACE_PERIOD_RATIO = 0.25; SECRET_GRACE_PERIOD_RATIO_JITTER = 0 } | ConvertFrom-MeshCertificatePolicy", 12d)]
    [InlineData("ConvertFrom-MeshCertificatePolicy", 12.24)]
    [InlineData("ConvertFrom-MeshCertificatePolicy -SecretTtl 10:00:00 -GracePeriodRatioJitter 0", 5d)]
    public void Settings_are_told_in_hours(string command, double hours) =>
        Assert.Equal(hours, Assert.Single(_session.Run(command).ThrowOnError().Output).Properties["RotationEarliestHours"].Value);

    [Theory]
    [InlineData("ConvertTo-MeshCertificatePolicy 24h 30h", "CertificatePolicyInvalid")]
    [InlineData("ConvertTo-MeshCertificatePolicy 24", "ParameterArgumentTransformationError")]
    [InlineData("ConvertTo-MeshCertificatePolicy '24'", "ParameterArgumentTransformationError")]
    [InlineData("ConvertTo-MeshCertificatePolicy 24x", "ParameterArgumentTransformationError")]
    [InlineData("Get-MeshDependency -DefinitionPath absent.yaml", "DefinitionNotFound")]
    public void What_cannot_be_is_an_error(string command, string id) => Assert.Equal([id], _session.Run(command).ErrorIds);

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string? Text(PSObject item, string property) => item.Properties[property].Value?.ToString();
}
