using System.Globalization;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Runtime;

/// <summary>
/// Has everything collected in the background only. The runtime ends its background collector's thread when that had nothing to do for 20 s, and stops all
/// threads until everything is collected and moved when it wants to collect next: for 50 to 200 ms with some thousand calls, reactors too. Unless it is told to, in
/// the background, before: then it makes the thread anew. The thread would take half of a busy core, so it runs when commands and packets leave the
/// core free. Not safe for concurrent use.
/// </summary>
/// <param name="count">Collections of a generation until now.</param>
/// <param name="collect">Has everything collected in the background.</param>
/// <param name="keepMillis">After so long without a collection of everything, ms, it is told to.</param>
internal sealed class BackgroundCollector(Func<int, int> count, Action collect, int keepMillis)
{
    // Two processes of a node that share a core would collect at the same moment if both waited for as long.
    private const int LeastKeepMillis = 10_000, MostKeepMillis = 15_000;
    private const int Nice = 10, PrioProcess = 0, Looks = 2;
    private const string Name = ".NET BGC";
    private long _at = -keepMillis;
    private int _all = count(GC.MaxGeneration), _young = -1, _looks;

    /// <summary>Of this process.</summary>
    public BackgroundCollector()
        : this(
            GC.CollectionCount, static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false),
            Random.Shared.Next(LeastKeepMillis, MostKeepMillis))
    {
    }

    /// <summary>Does what is due; called every second or so. A process in which nothing is allocated is left alone.</summary>
    /// <param name="now">Monotonic ms.</param>
    public void Tick(long now)
    {
        int all = count(GC.MaxGeneration);
        if (all == _all && now - _at >= keepMillis && count(0) != _young)
        {
            collect();
            (all, _young, _at) = (count(GC.MaxGeneration), count(0), now);
        }

        // Its thread may be new, and has its name a little after it began.
        _looks = all != _all ? Looks : Math.Max(0, _looks - 1);
        if (all != _all)
        {
            (_all, _young, _at) = (all, count(0), now);
        }

        if (_looks > 0)
        {
            Calm();
        }
    }

    // A wish: what cannot be read or set stays as it is.
    private static void Calm()
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task").Where(t => NameOf(t) == Name))
        {
            LibC.setpriority(PrioProcess, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Nice);
        }
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return string.Empty; // it has ended
        }
    }
}
