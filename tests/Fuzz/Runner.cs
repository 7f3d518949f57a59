using System.Diagnostics;

namespace RtpCluster.Fuzz;

/// <summary>Runs a target over many inputs and reports.</summary>
internal static class Runner
{
    /// <summary>After this many failures the rest says nothing new.</summary>
    private const int MaxFailures = 20;

    /// <summary>Frames of a stack trace that are shown.</summary>
    private const int MaxFrames = 6;

    /// <summary>An input that takes longer is reported: an attacker would send many of them.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <summary>Input i has the seed <paramref name="seed"/> + i. True: nothing escaped.</summary>
    public static bool Run(FuzzTarget target, long iterations, ulong seed)
    {
        // What a corpus input compiles and loads is no slowness of the target's.
        target.Run([.. target.Corpus[0]]);
        int failures = 0;
        var slowest = TimeSpan.Zero;
        ulong slowestSeed = seed;
        long started = Stopwatch.GetTimestamp();
        long done = 0;
        while (done < iterations && failures < MaxFailures)
        {
            ulong own = seed + (ulong)done++;
            long before = Stopwatch.GetTimestamp();
            if (!TryRun(target, own))
            {
                failures++;
            }

            var took = Stopwatch.GetElapsedTime(before);
            if (took > slowest)
            {
                (slowest, slowestSeed) = (took, own);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        string pace = slowest > Slow ? $", SLOW: {slowest.TotalMilliseconds:F0} ms at seed {slowestSeed}" : string.Empty;
        Console.WriteLine($"{target.Name,-10} {done,10} inputs {done / elapsed.TotalSeconds,10:F0}/s {failures,4} failures{pace}");
        return failures == 0;
    }

    private static bool TryRun(FuzzTarget target, ulong seed)
    {
        try
        {
            target.Run(Mutator.Make(target, seed));
            return true;
        }
#pragma warning disable CA1031 // Whatever escapes is what we look for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.WriteLine($"{target.Name}: seed {seed}: {Describe(e)}");
            return false;
        }
    }

    /// <summary>The exception that started it and the frames nearest to it.</summary>
    private static string Describe(Exception e)
    {
        var cause = e.GetBaseException();
        var frames = (e.StackTrace ?? string.Empty).Split('\n').Take(MaxFrames);
        return $"{cause.GetType().Name}: {cause.Message}\n{string.Join('\n', frames)}";
    }
}
