using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>The marks that tools document for their objects.</summary>
public sealed class ManagingToolMarksTests
{
    [Theory]
    [InlineData("label", "argocd.argoproj.io/instance", ManagingTool.ArgoCD, "Argo CD")]
    [InlineData("annotation", "argocd.argoproj.io/tracking-id", ManagingTool.ArgoCD, "Argo CD")]
    [InlineData("label", "kustomize.toolkit.fluxcd.io/name", ManagingTool.Flux, "Flux")]
    [InlineData("label", "helm.toolkit.fluxcd.io/name", ManagingTool.Flux, "Flux")]
    [InlineData("manager", "kustomize-controller", ManagingTool.Flux, "Flux")]
    [InlineData("annotation", "meta.helm.sh/release-name", ManagingTool.Helm, null)]
    [InlineData("manager", "flagger", ManagingTool.Flagger, null)]
    public void Tell_the_tool(string place, string mark, ManagingTool tool, string? gitOps)
    {
        Assert.Equal([tool], Of(place, mark));
        Assert.Equal(gitOps, ManagingToolMarks.GitOpsName(tool));
    }

    [Fact]
    public void Are_no_other_labels() => Assert.Empty(Of("label", "app.kubernetes.io/managed-by"));

    private static IEnumerable<ManagingTool> Of(string place, string mark) =>
        ManagingToolMarks.Of(name => place == "manager" && name == mark, name => place == "label" && name == mark, name => place == "annotation" && name == mark);
}
