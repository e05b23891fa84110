using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Integration;

/// <summary>The contract against the server that <c>VOICECORE_TEST_KUBECONFIG</c> names.</summary>
public sealed class KubernetesApiContractTests : KubernetesApiContract
{
    protected override string? KubeconfigPath => Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");

    protected override string Reason => "VOICECORE_TEST_KUBECONFIG names no kubeconfig.";

    [Fact]
    public async Task Without_rights_every_answer_is_ClusterForbidden()
    {
        var path = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG_NOBODY");
        Assert.SkipWhen(path is null, "VOICECORE_TEST_KUBECONFIG_NOBODY names no kubeconfig of a user without rights.");
        var stop = TestContext.Current.CancellationToken;
        using var api = KubernetesApiFactory.Create(path, context: null);
        var pods = await api.FindResourceAsync("", "Pod", null, stop);

        Assert.False(await api.CanAsync("list", pods!, "default", stop));
        var error = await FailsAsync("ClusterForbidden", api.GetAsync(new ObjectReference("", "Pod", "default", "x"), stop));
        Assert.Contains("pods", error.Message, StringComparison.Ordinal);
        await FailsAsync("ClusterForbidden", api.ListAsync(pods!, null, ListOptions.All, stop).GetAsyncEnumerator(stop).MoveNextAsync().AsTask());
        await FailsAsync("ClusterForbidden", api.GetFromPodAsync("default", "x", 15014, "/", stop));
    }
}
