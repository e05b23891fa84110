using System.Text;
using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Tests.Processes;

public sealed class OutputCollectorTests
{
    [Fact]
    public async Task The_head_is_kept_and_every_line_is_told()
    {
        var lines = new List<string>();
        var collector = new OutputCollector(maximum: 7, lines.Add);

        await ReadAsync(collector, "one\r\n\ntwo\nthree");

        Assert.Equal("one\r\n\nt", collector.Text);
        Assert.True(collector.Truncated);
        Assert.Equal(["one", "two", "three"], lines);
    }

    [Fact]
    public async Task An_output_of_just_the_maximum_is_whole()
    {
        var collector = new OutputCollector(maximum: 3, onLine: null);

        await ReadAsync(collector, "one");

        Assert.Equal("one", collector.Text);
        Assert.False(collector.Truncated);
    }

    [Fact]
    public async Task A_line_without_an_end_is_told_in_pieces()
    {
        var lines = new List<string>();

        await ReadAsync(new OutputCollector(maximum: 100, lines.Add), new string('x', 10_000));

        Assert.Equal([4096, 4096, 1808], lines.Select(line => line.Length));
    }

    private static async Task ReadAsync(OutputCollector collector, string text)
    {
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await collector.ReadAsync(reader, TestContext.Current.CancellationToken);
    }
}
