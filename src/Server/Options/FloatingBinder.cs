using RtpCluster.Contracts;

namespace RtpCluster.Server.Options;

/// <summary>Reads the floating media addresses: <c>[name/]IP[!advertised-IP][@device][,home=node]</c>.</summary>
internal static class FloatingBinder
{
    private const string Key = "cluster-address", Remedy = "Write [name/]IP[!advertised-IP][@device][,home=node-id]", Home = "home=";

    /// <summary>Reads them; faults go to the values.</summary>
    public static IReadOnlyList<FloatingAddress> Bind(OptionValues values, IHostNetwork host)
    {
        var found = new List<FloatingAddress>();
        foreach (string entry in values.List(Key))
        {
            if (Read(values, host, entry) is { } address)
            {
                found.Add(address);
            }
        }

        if (found.Count > 0 && values.Text("redis").Length == 0)
        {
            values.Fail(Key, "an address moves between the nodes of a cluster", "Give --redis as well, or use --interface");
        }

        return found;
    }

    /// <summary>All media addresses; of one logical interface the floating ones come first, because calls take the first.</summary>
    public static IReadOnlyList<LocalInterface> Merge(IReadOnlyList<LocalInterface> fixedOnes, IReadOnlyList<FloatingAddress> floating)
    {
        var floats = floating.Select(f => f.Interface).ToList();
        return [.. fixedOnes.Concat(floats).Select(i => i.Name).Distinct().SelectMany(name => floats.Concat(fixedOnes).Where(i => i.Name == name)).Distinct()];
    }

    private static FloatingAddress? Read(OptionValues values, IHostNetwork host, string entry)
    {
        string[] words = entry.Split(',', StringSplitOptions.TrimEntries);
        string home = words.Skip(1).FirstOrDefault(w => w.StartsWith(Home, StringComparison.Ordinal))?[Home.Length..] ?? string.Empty;
        if (words.Skip(1).Any(w => !w.StartsWith(Home, StringComparison.Ordinal)))
        {
            values.Fail(Key, entry, "there is no other word than home=", Remedy);
            return null;
        }

        string[] parts = words[0].Split('@', 2);
        string device = parts.Length > 1 ? parts[1] : string.Empty;
        int slash = parts[0].IndexOf('/');
        string name = slash < 0 ? InterfaceBinder.DefaultName : parts[0][..slash];
        string[] addresses = parts[0][(slash + 1)..].Split('!', 2);
        if (!IpAddress.TryParse(addresses[0].Trim('[', ']'), out var local) || !IpAddress.TryParse(addresses[^1].Trim('[', ']'), out var shown) || name.Length == 0)
        {
            values.Fail(Key, entry, "not an IP address", Remedy);
            return null;
        }

        if (device.Length > 0 && !host.HasDevice(device))
        {
            values.Fail(Key, entry, $"there is no device '{device}'", Remedy);
            return null;
        }

        return new FloatingAddress(new LocalInterface(name, local, shown), device, home);
    }
}
