using System.Globalization;
using System.Runtime.InteropServices;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>What a thread asks the scheduler for itself. All of it is a wish: a refusal changes nothing.</summary>
internal static unsafe class CurrentThread
{
    /// <summary>The nice value of what relays media.</summary>
    public const int MediaNice = -10;

    private const int PrSetTimerSlack = 29;
    private const int MaskBytes = 128;
    private const int SchedAttributeBytes = 48;
    private const ulong SchedResetOnFork = 1;

    private static readonly nint s_schedSetScheduler = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 144 : 119;
    private static readonly nint s_schedSetAttribute = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274;

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

    /// <summary>
    /// Sets this thread's nice value, -20 to 19 (below 0 needs CAP_SYS_NICE), and asks for short slices: from Linux 6.12 on a thread with a
    /// shorter slice is let in at once when it wakes; older kernels ignore that part. Threads that it starts (the runtime's collector may be one)
    /// begin with the nice value 0.
    /// </summary>
    public static bool SetPriority(int nice, int sliceMicros)
    {
        // struct sched_attr of 48 bytes: size, policy (0: SCHED_OTHER), flags, nice, priority, runtime, deadline, period.
        byte* attributes = stackalloc byte[SchedAttributeBytes];
        new Span<byte>(attributes, SchedAttributeBytes).Clear();
        *(uint*)attributes = SchedAttributeBytes;
        *(ulong*)(attributes + 8) = SchedResetOnFork;
        *(int*)(attributes + 16) = nice;
        *(ulong*)(attributes + 24) = (ulong)sliceMicros * 1000;
        return LibC.syscall(s_schedSetAttribute, 0, attributes, 0) == 0 || LibC.setpriority(0, LibC.gettid(), nice) == 0;
    }

    /// <summary>
    /// Lets this thread wait for its turn when it wakes instead of pushing another one off its core (SCHED_BATCH). Where a core is shared, a
    /// chain of threads then hands on many messages at each change of thread; an idle core still takes it at once.
    /// </summary>
    public static bool SetPatient()
    {
        const nint batch = 3;
        int priority = 0;
        return LibC.syscall(s_schedSetScheduler, 0, (void*)batch, (nint)(&priority)) == 0;
    }

    /// <summary>
    /// Sets the nice value of this session's group. Where the kernel groups sessions (sched_autogroup), that is what counts against other
    /// sessions, and the threads' own values only count among themselves.
    /// </summary>
    public static void SetSessionNice(int nice)
    {
        try
        {
            File.WriteAllText("/proc/self/autogroup", nice.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such grouping here, or no right to.
        }
    }

    /// <summary>Lets short sleeps end on time: the default slack of 50 µs is as long as the sleep itself.</summary>
    public static bool SetTimerSlack(int nanos) => LibC.prctl(PrSetTimerSlack, (nuint)nanos, 0, 0, 0) == 0;

    /// <summary>Sleeps for less than a second.</summary>
    public static void SleepMicros(int micros)
    {
        TimeSpec span = new() { Nanos = micros * 1000L };
        LibC.nanosleep(&span, null);
    }
}
