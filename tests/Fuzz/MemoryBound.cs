namespace RtpCluster.Fuzz;

/// <summary>What strangers make a process keep stays bounded: its memory is measured after so many inputs, and must not have grown much after each as many.</summary>
internal sealed class MemoryBound(int inputs, int megabytes)
{
    private long _count;
    private long _first;

    /// <summary>Counts an input, and looks when it is time.</summary>
    public void Check()
    {
        if (++_count % inputs != 0)
        {
            return;
        }

        GC.Collect();
        long now = Environment.WorkingSet;
        _first = _first == 0 ? now : _first;
        FuzzFailure.Unless(now - _first < megabytes * 1024L * 1024, $"{(now - _first) / 1024 / 1024} MB more than at first after {_count} inputs");
    }
}
