using System.Globalization;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Runtime;

/// <summary>
/// Lets the runtime's background collector run when commands and packets leave the core free. Its threads come and go, begin with the priority of
/// whichever thread needed them first, and would take half of a busy core, so <see cref="Calm"/> is called again and again. The compiler of hot
/// methods is left alone: a process that has just started is slow until it is through. Not safe for concurrent use.
/// </summary>
internal sealed class BackgroundThreads
{
    private const int Nice = 10, PrioProcess = 0;

    private const string Collector = ".NET BGC";
    private HashSet<string> _seen = [];
    private HashSet<string> _known = [];

    /// <summary>Looks for such threads. A wish: what cannot be read or set stays as it is.</summary>
    public void Calm()
    {
        var now = new HashSet<string>(Directory.EnumerateDirectories("/proc/self/task"), StringComparer.Ordinal);
        foreach (string task in now)
        {
            // Looked at twice, because a thread gets its name a little after it began.
            if (!_known.Contains(task) && NameOf(task) == Collector)
            {
                LibC.setpriority(PrioProcess, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Nice);
            }
        }

        _seen.IntersectWith(now);
        (_known, _seen) = (_seen, now);
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
