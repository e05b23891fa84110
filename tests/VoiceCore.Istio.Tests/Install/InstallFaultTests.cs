using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Rest;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>An installation on a server that stumbles, and one that is stopped.</summary>
public sealed class InstallFaultTests : IAsyncLifetime
{
    private const string Install = "Install-VoiceCoreMesh -Timeout 60 -Confirm:$false";

    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync() => _module = await StartAsync();

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public void Answers_that_pass_are_waited_out()
    {
        foreach (var at in new[] { 3, 20, 50 })
        {
            _module.Sandbox.Faults.Add(new Fault(Nth(at, IsRead)) { StatusCode = 503 });
            _module.Sandbox.Faults.Add(new Fault(Nth(at + 5, IsRead)) { StatusCode = 429, RetryAfterSeconds = 0 });
            _module.Sandbox.Faults.Add(new Fault(Nth(at + 10, IsRead)) { BreaksConnection = true });
        }

        _module.Run(Install).ThrowOnError();

        // Each failure was met: 0 is a connection that broke.
        Assert.All(new[] { 503, 429, 0 }, status => Assert.Equal(3, _module.Sandbox.Requests.Requests.Count(request => request.StatusCode == status)));
        Assert.Empty(Except(_module.Run(Install).ThrowOnError(), "Unchanged"));
    }

    [Fact]
    public async Task A_stopped_installation_ends_at_once_and_the_next_run_completes_it()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isIstiod = Nth(1, request => request.Method == "PATCH" && request.Path.EndsWith("/deployments/istiod-1-30-3", StringComparison.Ordinal) && request.Argument("dryRun") is null);
        _module.Sandbox.Faults.Add(new Fault(request =>
        {
            var isHere = isIstiod(request);
            if (isHere)
                reached.TrySetResult();
            return isHere;
        }) { Delay = TimeSpan.FromHours(1) });

        var shell = _module.Create(Install);
        shell.BeginInvoke();
        await reached.Task.WaitAsync(ModuleSession.Patience, Stop);
        await _module.StopAsync(shell);

        _module.Sandbox.Faults.Clear();
        Assert.Contains(_module.Run(Install).ThrowOnError().Output, row => Text(row, "Object") == "Deployment istio-system/istiod-1-30-3" && Text(row, "Applied") == "True");
        Assert.Empty(Except(_module.Run(Install).ThrowOnError(), "Unchanged"));
    }

    private static bool IsRead(HttpRequest request) => request.Method == "GET" && request.Argument("watch") is null;

    private static Func<HttpRequest, bool> Nth(int number, Func<HttpRequest, bool> matches)
    {
        var seen = 0;
        return request => matches(request) && Interlocked.Increment(ref seen) == number;
    }
}
