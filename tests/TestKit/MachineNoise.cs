using System.Globalization;

namespace RtpCluster.TestKit;

/// <summary>What the machine does to a measurement.</summary>
public static class MachineNoise
{
    /// <summary>CPU seconds that the hypervisor gave to others while we wanted them, since boot, all CPUs (proc(5): steal).</summary>
    public static double StolenSeconds
    {
        get
        {
            string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length > 8 ? long.Parse(fields[8], CultureInfo.InvariantCulture) / 100.0 : 0;
        }
    }
}
