using System.Management.Automation.Host;

namespace VoiceCore.Istio.Host;

/// <summary>The console's size, which the formatter needs; the rest of a raw console is not offered.</summary>
internal sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    // Wide enough for the module's tables where the output goes to a file or a log and has no width of its own.
    private const int WidthWithoutConsole = 160;

    public override Size BufferSize
    {
        get => new(Width(), Console.IsOutputRedirected ? 50 : Math.Max(Console.BufferHeight, 1));
        set => throw Unsupported();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw Unsupported();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Coordinates CursorPosition
    {
        get => default;
        set => throw Unsupported();
    }

    public override int CursorSize
    {
        get => 25;
        set => throw Unsupported();
    }

    public override bool KeyAvailable => false;

    public override Coordinates WindowPosition
    {
        get => default;
        set => throw Unsupported();
    }

    public override string WindowTitle { get; set; } = "VoiceCore.Istio";

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    private static int Width() => Console.IsOutputRedirected || Console.BufferWidth <= 0 ? WidthWithoutConsole : Console.BufferWidth;

    private static NotSupportedException Unsupported() => new("This host has no raw console.");
}
