using System.Runtime.InteropServices;

namespace RtpCluster.Control.Interop;

/// <summary>What a listener's thread asks the scheduler for itself.</summary>
internal static unsafe partial class PatientThread
{
    private const int Batch = 3;

    /// <summary>
    /// Lets this thread wait for its turn when it wakes instead of pushing another one off its core (SCHED_BATCH): on a busy core requests that
    /// are on their way are finished before new ones begin. An idle core still takes it at once. A wish: a refusal changes nothing.
    /// </summary>
    public static void Set()
    {
        int priority = 0;
        _ = SetScheduler(0, Batch, &priority);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, int* priority);
}
