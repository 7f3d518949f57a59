namespace RtpCluster.NodeAgent.Interop;

/// <summary>What a thread asks the scheduler for itself. All of it is a wish: a refusal changes nothing.</summary>
internal static unsafe class CurrentThread
{
    private const int PrSetTimerSlack = 29;
    private const int MaskBytes = 128;

    /// <summary>The CPUs this process may run on.</summary>
    public static int[] AllowedCpus()
    {
        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        if (LibC.sched_getaffinity(0, MaskBytes, mask) < 0)
        {
            return [];
        }

        var cpus = new List<int>();
        for (int cpu = 0; cpu < MaskBytes * 8; cpu++)
        {
            if ((mask[cpu / 8] & (1 << (cpu % 8))) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }

    /// <summary>Keeps this thread on one CPU.</summary>
    public static bool Pin(int cpu)
    {
        if (cpu is < 0 or >= MaskBytes * 8)
        {
            return false;
        }

        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return LibC.sched_setaffinity(0, MaskBytes, mask) == 0;
    }

    /// <summary>Sets this thread's nice value, -20 to 19; below 0 needs CAP_SYS_NICE.</summary>
    public static bool SetNice(int nice) => LibC.setpriority(0, LibC.gettid(), nice) == 0;

    /// <summary>Lets short sleeps end on time: the default slack of 50 µs is as long as the sleep itself.</summary>
    public static bool SetTimerSlack(int nanos) => LibC.prctl(PrSetTimerSlack, (nuint)nanos, 0, 0, 0) == 0;

    /// <summary>Sleeps for less than a second.</summary>
    public static void SleepMicros(int micros)
    {
        TimeSpec span = new() { Nanos = micros * 1000L };
        LibC.nanosleep(&span, null);
    }
}
