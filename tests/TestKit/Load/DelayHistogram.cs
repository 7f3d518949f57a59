namespace RtpCluster.TestKit.Load;

/// <summary>Delays in 10 µs classes up to 1 s. Not thread-safe.</summary>
public sealed class DelayHistogram
{
    private readonly int[] _classes = new int[100_001];

    public long Count { get; private set; }

    public void Add(long nanos)
    {
        _classes[Math.Clamp(nanos / 10_000, 0, _classes.Length - 1)]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_classes);
        Count = 0;
    }

    /// <summary>The delay in ms that a fraction of all packets did not exceed.</summary>
    public double Quantile(double fraction)
    {
        long rank = (long)Math.Ceiling(Count * fraction);
        long seen = 0;
        for (int i = 0; i < _classes.Length; i++)
        {
            seen += _classes[i];
            if (seen >= rank)
            {
                return (i + 1) / 100.0;
            }
        }

        return double.NaN;
    }
}
