using RtpCluster.Contracts;

namespace RtpCluster.Simulation.Addresses;

/// <summary>A host on the link: its kernel, which answers for the address, and its media process. Both outlive the control process.</summary>
public sealed class AddressHost(World world, string name)
{
    private long _until;

    public string Name => name;

    /// <summary>Calls whose plans are in force.</summary>
    public Dictionary<CallId, MediaPlan> Plans { get; } = [];

    /// <summary>Until when it is, or was a moment ago, cut off from somebody: what it heard may be old.</summary>
    public long StrangeUntil { get; set; }

    /// <summary>The address is on its device; it goes by itself when nobody prolongs it.</summary>
    public bool IsPresent => _until > world.Now;

    public void Raise(int seconds) => _until = world.Now + (seconds * 1000L);

    public void Lower() => _until = 0;

    /// <summary>The power goes.</summary>
    public void Die()
    {
        Lower();
        Plans.Clear();
    }

    /// <summary>Both hear each other.</summary>
    public bool Hears(AddressHost other) => !world.Cut.Contains((name, other.Name)) && !world.Cut.Contains((other.Name, name));
}
