using System.Text;

namespace VoiceCore.Istio.Core.Processes;

/// <summary>Reads one output of a program to its end, keeps the head of it, and tells its lines as they come.</summary>
internal sealed class OutputCollector(int maximum, Action<string>? onLine)
{
    // A line longer than this is told in pieces.
    private const int LongestLine = 4096;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();

    internal string Text => _text.ToString();

    internal bool Truncated { get; private set; }

    /// <summary>Ends at the end of the stream, or without an error when cancelled: what was read until then counts.</summary>
    internal async Task ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[16 * 1024];
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
                Add(buffer.AsSpan(0, read));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The pipe is held open by a process that outlived the program, or broke with it.
        }

        TellLine();
    }

    private void Add(ReadOnlySpan<char> text)
    {
        var kept = Math.Min(text.Length, maximum - _text.Length);
        _text.Append(text[..kept]);
        Truncated |= kept < text.Length;
        if (onLine is null)
            return;
        foreach (var character in text)
        {
            if (character == '\n' || _line.Length == LongestLine)
                TellLine();
            if (character is not ('\n' or '\r'))
                _line.Append(character);
        }
    }

    private void TellLine()
    {
        if (_line.Length == 0)
            return;
        onLine?.Invoke(_line.ToString());
        _line.Clear();
    }
}
