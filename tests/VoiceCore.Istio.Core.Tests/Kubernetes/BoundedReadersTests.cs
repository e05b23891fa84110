using System.Text;
using CsCheck;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

public sealed class BoundedReadersTests
{
    private const int Megabyte = 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(Megabyte, true)]
    [InlineData(Megabyte + 1, false)]
    public async Task A_body_is_read_up_to_its_bound(int length, bool isRead)
    {
        var body = await BoundedReader.ReadAsync(new MemoryStream(new byte[length]), megabytes: 1, Stop);

        Assert.Equal(isRead ? length : null, body?.Length);
    }

    [Fact]
    public async Task A_line_has_a_bound()
    {
        var reader = new LineReader(new MemoryStream(new byte[200_000]), longestLine: 100_000);

        await Assert.ThrowsAsync<IOException>(() => reader.ReadAsync(Stop));
    }

    [Fact]
    public void Lines_come_whole_however_the_stream_cuts_them() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 90_000].Array[0, 4], Gen.Int[1, 70_000]).Sample((lines, cut) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")) + "unfinished");
            var reader = new LineReader(new CuttingStream(bytes, cut), longestLine: Megabyte);

            var read = new List<string>();
            while (reader.ReadAsync(Stop).GetAwaiter().GetResult() is { } line)
                read.Add(Encoding.UTF8.GetString(line));

            Assert.Equal(lines, read);
        }, iter: 200);

    private sealed class CuttingStream(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(cut, buffer.Length)], cancellationToken);
    }
}
