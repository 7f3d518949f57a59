namespace RtpCluster.NodeAgent.Runtime;

/// <summary>
/// Makes collections of everything rare. The collector begins one when the oldest generation has grown by some part of its size: every second or
/// two while a small heap fills with calls, and each time threads wait for up to 40 ms, reactors too. Arrays that nobody looks into make that
/// part larger. They are address space: only the first page of each is ever touched.
/// </summary>
internal sealed class HeapBallast
{
    private const int ArrayBytes = 64 << 10;

    // What other threads may allocate meanwhile without a collection, which would copy the arrays and so touch them.
    private const long Meanwhile = 16 << 20;
    private readonly byte[][] _arrays = [];

    /// <summary>Takes some bytes and lets them grow old; takes none when that cannot be. All threads stop for a few milliseconds.</summary>
    public HeapBallast(long bytes)
    {
        if (!TryHoldCollections(bytes))
        {
            return;
        }

        _arrays = new byte[bytes / ArrayBytes][];
        for (int i = 0; i < _arrays.Length; i++)
        {
            _arrays[i] = GC.AllocateUninitializedArray<byte>(ArrayBytes);
        }

        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // Others allocated more than that: it has ended.
        }

        for (int age = 0; age < GC.MaxGeneration; age++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        }
    }

    /// <summary>The most that is sensible: 128 MiB, less where there is little memory, because the runtime counts address space there.</summary>
    public static long Sensible => Math.Min(128L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16);

    /// <summary>Bytes held.</summary>
    public long Bytes => (long)_arrays.Length * ArrayBytes;

    /// <summary>The generation that the youngest of them is in.</summary>
    public int Generation => _arrays.Length == 0 ? 0 : _arrays.Min(GC.GetGeneration);

    private static bool TryHoldCollections(long bytes)
    {
        try
        {
            return GC.TryStartNoGCRegion(bytes + (2 * Meanwhile), lohSize: Meanwhile);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // more than this heap may ever hold
        }
    }
}
