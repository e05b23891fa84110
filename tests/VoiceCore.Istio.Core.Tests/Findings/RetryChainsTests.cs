using CsCheck;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Findings;

public sealed class RetryChainsTests
{
    // a calls b calls c: 4 tries of b for one of a, 3 of c for each of them.
    [Fact]
    public void Tries_multiply_along_a_chain()
    {
        var chain = Assert.Single(new RetryChains([("a", "b"), ("b", "c")], name => name switch { "b" => 4, "c" => 3, _ => 1 }).Worst());
        Assert.Equal(("c", 12L, "a → b (4 tries) → c (3 tries)"), (chain.Service, chain.Requests, chain.Text));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(12, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    public void One_service_that_retries_and_few_requests_are_no_chain(int first, int second) =>
        Assert.Empty(new RetryChains([("a", "b"), ("b", "c")], name => name switch { "b" => first, "c" => second, _ => 1 }).Worst());

    // Whoever calls whom: a finding is the product of some chain of different services, and circles end.
    [Fact]
    public void Chains_have_each_service_once() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9]).List[0, 40].Sample(calls =>
    {
        var chains = new RetryChains(calls.Select(call => ($"s{call.Item1}", $"s{call.Item2}")), _ => 3).Worst().ToArray();
        Assert.All(chains, chain =>
        {
            var steps = chain.Text.Split(" → ").Select(step => step.Split(' ')[0]).ToArray();
            Assert.Equal(steps.Length, steps.Distinct().Count());
            Assert.Equal(chain.Service, steps[^1]);
            Assert.True(chain.Requests >= 10);
        });
    });
}
