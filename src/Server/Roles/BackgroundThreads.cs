using System.Globalization;
using System.Runtime.InteropServices;

namespace RtpCluster.Server.Roles;

/// <summary>
/// Lets the runtime's own threads that nobody waits for, the background collector and the compiler of hot methods, run when commands leave the
/// core free: they have the same priority otherwise and take half of a busy core. They come and go, so <see cref="Calm"/> is called every second.
/// Not safe for concurrent use.
/// </summary>
public sealed partial class BackgroundThreads
{
    private const int Nice = 10, PrioProcess = 0;

    // A thread's name in /proc is cut at 15 characters.
    private static readonly string[] s_names = [".NET BGC", ".NET Tiered Com"];
    private HashSet<string> _known = [];

    /// <summary>Looks for such threads. A wish: what cannot be read or set stays as it is.</summary>
    public void Calm()
    {
        var now = new HashSet<string>(StringComparer.Ordinal);
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            now.Add(task);
            if (!_known.Contains(task) && s_names.Contains(NameOf(task)))
            {
                _ = setpriority(PrioProcess, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Nice);
            }
        }

        _known = now;
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

    [LibraryImport("libc")]
    private static partial int setpriority(int which, int who, int priority);
}
