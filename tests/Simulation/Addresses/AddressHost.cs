using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>A host on the link: its kernel, which answers for the address, and its media process. Both outlive the control process.</summary>
public sealed class AddressHost(World world, string name)
{
    private const ushort FirstPort = 1000, Ports = 10_000;
    private long _until;
    private int _taken;

    public string Name => name;

    /// <summary>Calls whose plans are in force.</summary>
    public Dictionary<CallId, MediaPlan> Plans { get; } = [];

    /// <summary>Until when it is, or was a moment ago, cut off from somebody: what it heard may be old.</summary>
    public long StrangeUntil { get; set; }

    /// <summary>The address is on its device; it goes by itself when nobody prolongs it.</summary>
    public bool IsPresent => _until > world.Now;

    public void Raise(int seconds) => _until = world.Now + (seconds * 1000L);

    public void Lower() => _until = 0;

    /// <summary>A port for a new call: the next that no call here has.</summary>
    public ushort TakePort()
    {
        while (true)
        {
            ushort port = (ushort)(FirstPort + (_taken++ % Ports));
            if (Plans.Values.All(p => p.Streams[0].Locals[0].Port != port))
            {
                return port;
            }
        }
    }

    /// <summary>Goes on half the range away from the newest call's port, as the product does.</summary>
    public void StartFarFrom(MediaPlan newest) => _taken = newest.Streams[0].Locals[0].Port - FirstPort + (Ports / 2);

    /// <summary>The power goes.</summary>
    public void Die()
    {
        Lower();
        Plans.Clear();
    }

    /// <summary>Both hear each other.</summary>
    public bool Hears(AddressHost other) => !world.Cut.Contains((name, other.Name)) && !world.Cut.Contains((other.Name, name));
}
