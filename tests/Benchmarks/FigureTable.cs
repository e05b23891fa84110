using System.Globalization;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>Prints one line a figure, with its target where it has one, and keeps in mind whether all targets are met.</summary>
internal sealed class FigureTable
{
    internal bool AllMet { get; private set; } = true;

    /// <summary>A figure without a target.</summary>
    internal static void Add(string name, double value, string unit) => Console.WriteLine(Line(name, value, unit));

    /// <summary>A figure that must not be above its target.</summary>
    internal void Add(string name, double value, string unit, double target)
    {
        var isMet = value <= target;
        AllMet &= isMet;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Line(name, value, unit)}  target {Number(target)} {unit}: {(isMet ? "met" : "MISSED")}"));
    }

    private static string Line(string name, double value, string unit) => $"{name,-64} {Number(value),8} {unit,-2}";

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
