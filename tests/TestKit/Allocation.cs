namespace RtpCluster.TestKit;

/// <summary>For what must allocate nothing.</summary>
public static class Allocation
{
    private const int Attempts = 3;

    /// <summary>
    /// Fails when an action allocates on this thread. What allocates does so every time it is tried. Now and then a collection that another
    /// test's thread brings about counts what is left of this thread's allocation context (some 8 KB) as allocated: never three times running.
    /// </summary>
    /// <exception cref="InvalidOperationException">It allocates.</exception>
    /// <param name="prepare">Makes everything anew, runs it once for its first-time costs, and returns the action to measure.</param>
    public static void RequireNone(Func<Action> prepare)
    {
        var allocated = new List<long>();
        do
        {
            var action = prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }
        while (allocated[^1] != 0 && allocated.Count < Attempts);
        if (allocated[^1] != 0)
        {
            throw new InvalidOperationException($"bytes allocated, each time: {string.Join(", ", allocated)}");
        }
    }
}
