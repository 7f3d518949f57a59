using System.Globalization;
using RtpCluster.CallActors;

namespace RtpCluster.Server.Roles;

/// <summary>Reads the machine's load from /proc. <see cref="Sample"/> by one thread, the values by any.</summary>
internal sealed class LoadGauge : ILoadGauge
{
    private long _busy;
    private long _total;

    /// <inheritdoc/>
    public double Load { get; private set; }

    /// <inheritdoc/>
    public double Cpu { get; private set; }

    /// <inheritdoc/>
    public long Bandwidth { get; set; }

    /// <summary>Reads the load again; CPU use is over the time since the last sample.</summary>
    public void Sample()
    {
        string load = File.ReadAllText("/proc/loadavg");
        Load = double.Parse(load.AsSpan(0, load.IndexOf(' ')), CultureInfo.InvariantCulture);

        // "cpu  user nice system idle iowait irq softirq steal ..."
        string line = File.ReadLines("/proc/stat").First();
        long[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(long.Parse)];
        long total = ticks.Sum();
        long busy = total - ticks[3] - ticks[4];
        Cpu = _total > 0 && total > _total ? 100.0 * (busy - _busy) / (total - _total) : 0;
        (_busy, _total) = (busy, total);
    }
}
