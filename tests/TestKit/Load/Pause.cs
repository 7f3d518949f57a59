using System.Runtime.InteropServices;

namespace RtpCluster.TestKit.Load;

/// <summary>The kernel's clocks, as the load generator needs them.</summary>
public static unsafe partial class Pause
{
    /// <summary>Sleeps for some microseconds.</summary>
    public static void Micros(int micros)
    {
        long* time = stackalloc long[2] { 0, Math.Min(micros, 999_999) * 1000L };
        _ = NanoSleep(time, null);
    }

    /// <summary>CLOCK_REALTIME, the clock of the kernel's receive times.</summary>
    public static long RealTimeNanos()
    {
        long* time = stackalloc long[2];
        _ = ClockGetTime(0, time);
        return (time[0] * 1_000_000_000) + time[1];
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(long* request, long* remain);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* time);
}
