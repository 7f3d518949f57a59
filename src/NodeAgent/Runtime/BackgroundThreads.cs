using System.Globalization;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Runtime;

/// <summary>
/// Lets the runtime's own threads that nobody waits for, the background collector and the compiler of hot methods, run when commands and packets
/// leave the core free. They come and go, begin with the priority of whichever thread needed them first, and would take half of a busy
/// core. So <see cref="Calm"/> is called often. Not safe for concurrent use.
/// </summary>
internal sealed class BackgroundThreads
{
    private const int Nice = 10, PrioProcess = 0;

    // A thread's name in /proc is cut at 15 characters.
    private static readonly string[] s_names = [".NET BGC", ".NET Tiered Com"];
    private HashSet<string> _seen = [];
    private HashSet<string> _known = [];

    /// <summary>Looks for such threads. A wish: what cannot be read or set stays as it is.</summary>
    public void Calm()
    {
        var now = new HashSet<string>(Directory.EnumerateDirectories("/proc/self/task"), StringComparer.Ordinal);
        foreach (string task in now)
        {
            // Looked at twice, because a thread gets its name a little after it began.
            if (!_known.Contains(task) && s_names.Contains(NameOf(task)))
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
