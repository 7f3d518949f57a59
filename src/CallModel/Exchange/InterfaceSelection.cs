using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Finds the local interface (one address) that faces a remote.</summary>
public static class InterfaceSelection
{
    private const char RoundRobinSeparator = ':';

    /// <summary>Resolves an interface name of a request: an alias, a name, or the base of a round-robin name; null: unknown.</summary>
    public static string? Resolve(CallConfig config, string name)
    {
        if (config.InterfaceAliases.TryGetValue(name, out var target))
        {
            name = target;
        }

        int separator = name.IndexOf(RoundRobinSeparator, StringComparison.Ordinal);
        string wanted = separator > 0 && !Exists(config, name) ? name[..separator] : name;
        return Exists(config, wanted) ? wanted : null;
    }

    /// <summary>The first address of a logical interface with that family.</summary>
    /// <param name="config">The node's options.</param>
    /// <param name="name">Logical interface; null: the default one.</param>
    /// <param name="family">Family; none: whatever comes first.</param>
    /// <returns>The local interface. When the logical interface has no such family: its first address.</returns>
    public static LocalInterface Select(CallConfig config, string? name, IpFamily family)
    {
        string logical = name ?? config.Interfaces[0].Name;
        LocalInterface? first = null;
        foreach (var candidate in config.Interfaces)
        {
            if (candidate.Name != logical)
            {
                continue;
            }

            first ??= candidate;
            if (family == IpFamily.None || candidate.Address.Family == family)
            {
                return candidate;
            }
        }

        return first ?? config.Interfaces[0];
    }

    /// <summary>True when an address is one of ours: media sent there would come back to us.</summary>
    public static bool IsOurs(CallConfig config, IpAddress address)
    {
        foreach (var candidate in config.Interfaces)
        {
            if (candidate.Address == address || candidate.Advertised == address)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Exists(CallConfig config, string name)
    {
        foreach (var candidate in config.Interfaces)
        {
            if (candidate.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
