namespace VoiceCore.Istio.Benchmarks;

/// <summary>Medians of what was measured.</summary>
internal sealed class SampleSet
{
    private readonly Dictionary<string, double> _medians = [];

    internal double this[string name] => _medians[name];

    /// <summary>Measures each of a series once a round. What cannot be measured here is null.</summary>
    internal void Measure(int rounds, params (string Name, Func<double>? Once)[] series)
    {
        var samples = series.ToDictionary(item => item.Name, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, once) in series)
            {
                if (once is not null)
                    samples[name].Add(once());
            }
        }

        foreach (var (name, values) in samples.Where(item => item.Value.Count > 0))
            _medians[name] = values.Order().ElementAt(values.Count / 2);
    }
}
